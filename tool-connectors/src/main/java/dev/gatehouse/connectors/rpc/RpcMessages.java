package dev.gatehouse.connectors.rpc;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.gatehouse.connectors.json.Json;
import java.io.IOException;
import java.util.Map;

/** JSON-RPC 2.0 messages as UTF-8 text. */
public final class RpcMessages {

  private RpcMessages() {}

  /** A request; the id is also its progress token, where its caller wants progress. */
  static byte[] request(long id, RpcRequest request, Map<String, Object> meta) {
    return message(
        out -> {
          out.writeNumberField("id", id);
          out.writeStringField("method", request.method());
          out.writeObjectFieldStart("params");
          members(out, request.params());
          boolean progress = request.events().wantsProgress();
          if (progress || !meta.isEmpty()) {
            out.writeObjectFieldStart("_meta");
            members(out, meta);
            if (progress) {
              out.writeNumberField("progressToken", id);
            }
            out.writeEndObject();
          }
          out.writeEndObject();
        });
  }

  /** A notification; without params when there are none. */
  static byte[] notification(String method, Map<String, Object> params) {
    return message(
        out -> {
          out.writeStringField("method", method);
          if (!params.isEmpty()) {
            out.writeFieldName("params");
            Json.write(params, out);
          }
        });
  }

  /** The answer to a request. */
  public static byte[] result(Object id, Map<String, Object> result) {
    return message(
        out -> {
          out.writeFieldName("id");
          Json.write(id, out);
          out.writeFieldName("result");
          Json.write(result, out);
        });
  }

  /** The answer to a request that is refused or failed. */
  public static byte[] error(Object id, int code, String message) {
    return message(
        out -> {
          out.writeFieldName("id");
          Json.write(id, out);
          out.writeObjectFieldStart("error");
          out.writeNumberField("code", code);
          out.writeStringField("message", message);
          out.writeEndObject();
        });
  }

  private static byte[] message(Json.Part rest) {
    return Json.bytes(
        out -> {
          out.writeStartObject();
          out.writeStringField("jsonrpc", "2.0");
          rest.write(out);
          out.writeEndObject();
        });
  }

  private static void members(JsonGenerator out, Map<String, Object> members) throws IOException {
    for (Map.Entry<String, Object> member : members.entrySet()) {
      out.writeFieldName(member.getKey());
      Json.write(member.getValue(), out);
    }
  }
}
