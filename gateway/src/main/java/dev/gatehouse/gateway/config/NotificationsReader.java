package dev.gatehouse.gateway.config;

import dev.gatehouse.gateway.notify.BodyStyle;
import dev.gatehouse.gateway.notify.Callback;
import dev.gatehouse.gateway.notify.NoticeKind;
import dev.gatehouse.gateway.notify.Receiver;
import dev.gatehouse.gateway.notify.WebhookSecret;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads {@code notifications}: who is told of what happens, and {@code admin.public_url}, to which
 * notices link. Problems never show a URL or a secret.
 */
final class NotificationsReader {

  private final Building building;

  NotificationsReader(Building building) {
    this.building = building;
  }

  List<Receiver> read(Section root) {
    List<Receiver> receivers = new ArrayList<>();
    root.sections("notifications")
        .forEach(
            section ->
                building.attempt(section, () -> receiver(section)).ifPresent(receivers::add));
    return receivers;
  }

  Optional<URI> publicUrl(Section root) {
    Section admin = root.section("admin");
    return admin.has("public_url")
        ? building.attempt(admin, () -> publicUrl(admin.text("public_url", "")))
        : Optional.empty();
  }

  private static URI publicUrl(String text) {
    URI url = url("public_url", text);
    if (url.getHost() == null
        || url.getRawUserInfo() != null
        || url.getRawQuery() != null
        || url.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "public_url: an http or https URL of a host, without user, query and fragment");
    }
    return url;
  }

  private static Receiver receiver(Section section) {
    return new Receiver(
        section.text("name", ""),
        url("url", section.text("url", "")),
        section.flag("allow_private", false),
        kinds(section),
        Words.constant(BodyStyle.class, section.text("style", "json")),
        section.optional("secret").map(WebhookSecret::new),
        section.textMap("headers"),
        section.has("callback")
            ? Optional.of(callback(section.section("callback")))
            : Optional.empty());
  }

  private static Callback callback(Section callback) {
    return new Callback(
        new WebhookSecret(callback.text("secret", "")), Set.copyOf(callback.texts("operators")));
  }

  private static Set<NoticeKind> kinds(Section section) {
    return section.has("events")
        ? section.texts("events").stream().map(NoticeKind::of).collect(Collectors.toSet())
        : EnumSet.allOf(NoticeKind.class);
  }

  /** The usual message of what is no URL repeats it. */
  private static URI url(String key, String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + ": no URL", null);
    }
  }
}
