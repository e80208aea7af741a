package dev.gatehouse.gateway.notify;

import java.net.URI;

/**
 * Where what notices are about can be looked at.
 *
 * @param admin the admin API as operators reach it, without a slash at its end
 */
public record Links(String admin) {

  /** Links below that address. */
  public static Links under(URI admin) {
    return new Links(admin.toString().replaceFirst("/+$", ""));
  }

  /** Where an answer to one question is handed in, signed. */
  String callback(String id) {
    return admin + "/callbacks/approvals/" + id;
  }

  /** One question, for an operator's key. */
  String approval(String id) {
    return admin + "/admin/v1/approvals/" + id;
  }
}
