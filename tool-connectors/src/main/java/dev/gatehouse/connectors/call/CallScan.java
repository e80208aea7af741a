package dev.gatehouse.connectors.call;

import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.rpc.RpcReply;
import dev.gatehouse.connectors.scan.Finding;
import dev.gatehouse.connectors.scan.Scan;
import dev.gatehouse.connectors.scan.ScanAction;
import dev.gatehouse.connectors.scan.ScanMeta;
import dev.gatehouse.connectors.scan.ScanRules;
import dev.gatehouse.connectors.scan.Scanner;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.outcome.ScanFindings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scans everything that one call brings out of an upstream, and keeps what was found for the
 * record. Fails closed: what cannot be scanned is blocked. Thread-safe.
 */
public final class CallScan {

  /** Texts of up to that many characters together are scanned on the caller's thread. */
  static final int ON_LOOP_CHARACTERS_MAX = 16 << 10;

  private static final Logger LOG = LoggerFactory.getLogger(CallScan.class);
  private static final int WITHHELD = -32603; // internal error: MCP has no code of its own for it
  private static final int NAMED_MAX = 5;

  private final GovernedCall call;
  private final ScanRules rules;
  private final Set<String> places = new LinkedHashSet<>(); // guarded by this
  private ScanAction strongest = ScanAction.OFF; // guarded by this

  public CallScan(GovernedCall call, ScanRules rules) {
    this.call = call;
    this.rules = rules;
  }

  /** What was found so far. */
  public synchronized ScanFindings findings() {
    return places.isEmpty()
        ? ScanFindings.NONE
        : new ScanFindings(strongest.word(), List.copyOf(places));
  }

  /** The reply as the caller may get it. */
  public RpcReply reply(RpcReply reply) {
    return switch (reply) {
      case RpcReply.Result result -> result(result);
      case RpcReply.RpcError error -> error(error);
      case RpcReply.NotSent notSent -> new RpcReply.NotSent(notSent.kind(), reason(notSent.why()));
      case RpcReply.Lost lost -> new RpcReply.Lost(reason(lost.why()));
      case RpcReply.Unanswered _, RpcReply.SessionGone _ -> reply;
    };
  }

  private RpcReply result(RpcReply.Result result) {
    Scan scan = scanned(result.value(), "");
    if (scan.action() == ScanAction.BLOCK) {
      String why = withheld(scan);
      return call instanceof ToolCall
          ? new RpcReply.Result(ToolReplies.text("WITHHELD. The tool was carried out, but " + why))
          : new RpcReply.RpcError(WITHHELD, "WITHHELD: " + why, null);
    }
    return new RpcReply.Result(ScanMeta.put(object(scan.tree()), scan.findings()));
  }

  private RpcReply error(RpcReply.RpcError error) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("message", error.message());
    if (error.data() != null) {
      tree.put("data", error.data());
    }
    Scan scan = scanned(tree, "/error");
    if (scan.action() == ScanAction.BLOCK) {
      return new RpcReply.RpcError(error.code(), "WITHHELD: " + withheld(scan), null);
    }
    Map<String, Object> passed = object(scan.tree());
    return new RpcReply.RpcError(error.code(), Json.text(passed, "message"), passed.get("data"));
  }

  /** A reason may quote the upstream. */
  private String reason(String why) {
    Scan scan = scanned(Map.of("message", why), "/error");
    return scan.action() == ScanAction.BLOCK
        ? withheld(scan)
        : Json.text(object(scan.tree()), "message");
  }

  /**
   * A notification as the caller may get it; empty, which no notification is, when it is withheld.
   *
   * @param kind the pointer that stands for it in the record
   */
  Map<String, Object> notification(String kind, Map<String, Object> params) {
    Scan scan = scanned(params, kind);
    return scan.action() == ScanAction.BLOCK
        ? Map.of()
        : ScanMeta.put(object(scan.tree()), scan.findings());
  }

  /** The params of a question, with what was found in them noted. */
  Map<String, Object> question(Map<String, Object> params) {
    List<Finding> findings;
    try {
      findings = Scanner.question(params, rules).findings();
    } catch (Throwable e) {
      throw new IllegalStateException("a question could not be scanned", e);
    }
    note(findings, "/question");
    return ScanMeta.put(params, findings);
  }

  private Scan scanned(Map<String, Object> tree, String where) {
    Scan scan;
    try {
      scan = Scanner.result(tree, rules);
    } catch (Throwable e) {
      LOG.error("mcp {}: an answer could not be scanned, and is blocked", call.connector(), e);
      scan = Scan.failed();
    }
    note(scan.findings(), where);
    return scan;
  }

  private synchronized void note(List<Finding> findings, String where) {
    for (Finding finding : findings) {
      strongest = strongest.or(finding.action());
      if (places.size() < ScanFindings.PLACES_MAX) {
        places.add(
            new Finding(finding.detector(), where + finding.pointer(), finding.action()).place());
      }
    }
  }

  private static String withheld(Scan scan) {
    List<String> places = new ArrayList<>();
    for (Finding finding : scan.findings()) {
      if (finding.action() == ScanAction.BLOCK) {
        places.add(finding.detector().word() + " at '" + finding.pointer() + "'");
      }
    }
    return "the gateway withholds its answer, in which a scan found "
        + places.stream().distinct().limit(NAMED_MAX).collect(Collectors.joining(", "))
        + (places.size() > NAMED_MAX ? ", and more" : "");
  }

  /** Whether a tree has more text than is to be scanned on an event loop. */
  public static boolean large(@Nullable Object tree) {
    return room(tree, ON_LOOP_CHARACTERS_MAX) < 0;
  }

  private static int room(@Nullable Object tree, int before) {
    int room = before;
    switch (tree) {
      case String text -> room -= text.length();
      case Map<?, ?> map -> {
        for (Map.Entry<?, ?> member : map.entrySet()) {
          room =
              room < 0 ? room : room(member.getValue(), room - member.getKey().toString().length());
        }
      }
      case List<?> list -> {
        for (Object element : list) {
          room = room < 0 ? room : room(element, room);
        }
      }
      case null, default -> {}
    }
    return room;
  }

  @SuppressWarnings("unchecked") // every map in a tree has string keys
  private static Map<String, Object> object(Object tree) {
    return (Map<String, Object>) tree;
  }
}
