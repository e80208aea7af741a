package dev.gatehouse.connectors.scan;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * Finds {@link Detector#SECRET}: credentials that their form gives away. Made for precision: a body
 * must be of the right alphabet and length and look random, so that examples in documentation, such
 * as {@code AKIAIOSFODNN7EXAMPLE}, are none.
 */
final class Secrets {

  /** Longest credential that is looked at whole; a longer one is found by its beginning. */
  static final int LENGTH_MAX = 8_192;

  private static final int BEARER_MIN = 20;
  private static final int PASSWORD_MAX = 128;
  private static final String PRIVATE_KEY = "PRIVATE KEY";
  private static final int KEY_BODY_MIN = 64;

  /**
   * A credential with a telling beginning.
   *
   * @param min fewest characters after the prefix
   * @param bits least Shannon entropy of them, in bits a character
   */
  private record Form(String prefix, Alphabet alphabet, int min, int max, double bits) {}

  private enum Alphabet {
    UPPER_DIGITS,
    ALPHANUMERIC,
    URL_SAFE,
    DOTTED;

    boolean has(char c) {
      boolean digit = c >= '0' && c <= '9';
      boolean upper = c >= 'A' && c <= 'Z';
      boolean lower = c >= 'a' && c <= 'z';
      return switch (this) {
        case UPPER_DIGITS -> upper || digit;
        case ALPHANUMERIC -> upper || lower || digit;
        case URL_SAFE -> upper || lower || digit || c == '_' || c == '-';
        case DOTTED -> upper || lower || digit || c == '_' || c == '-' || c == '.';
      };
    }
  }

  private static final List<Form> FORMS =
      List.of(
          new Form("AKIA", Alphabet.UPPER_DIGITS, 16, 16, 2.8),
          new Form("ASIA", Alphabet.UPPER_DIGITS, 16, 16, 2.8),
          new Form("ABIA", Alphabet.UPPER_DIGITS, 16, 16, 2.8),
          new Form("ghp_", Alphabet.ALPHANUMERIC, 36, 255, 3.3),
          new Form("gho_", Alphabet.ALPHANUMERIC, 36, 255, 3.3),
          new Form("ghu_", Alphabet.ALPHANUMERIC, 36, 255, 3.3),
          new Form("ghs_", Alphabet.ALPHANUMERIC, 36, 255, 3.3),
          new Form("ghr_", Alphabet.ALPHANUMERIC, 36, 255, 3.3),
          new Form("github_pat_", Alphabet.URL_SAFE, 70, 255, 3.5),
          new Form("glpat-", Alphabet.DOTTED, 20, 300, 3.0),
          new Form("xoxb-", Alphabet.URL_SAFE, 30, 255, 3.0),
          new Form("xoxp-", Alphabet.URL_SAFE, 30, 255, 3.0),
          new Form("xoxa-", Alphabet.URL_SAFE, 30, 255, 3.0),
          new Form("xoxr-", Alphabet.URL_SAFE, 30, 255, 3.0),
          new Form("xoxs-", Alphabet.URL_SAFE, 30, 255, 3.0),
          new Form("xapp-", Alphabet.URL_SAFE, 40, 255, 3.0),
          new Form("sk-ant-", Alphabet.URL_SAFE, 32, 255, 3.5),
          new Form("sk-proj-", Alphabet.URL_SAFE, 40, 255, 3.5),
          new Form("sk-svcacct-", Alphabet.URL_SAFE, 40, 255, 3.5),
          new Form("sk-or-v1-", Alphabet.ALPHANUMERIC, 48, 128, 3.0),
          new Form("sk-", Alphabet.ALPHANUMERIC, 40, 128, 3.5),
          new Form("sk_live_", Alphabet.ALPHANUMERIC, 20, 255, 3.0),
          new Form("rk_live_", Alphabet.ALPHANUMERIC, 20, 255, 3.0),
          new Form("sk_test_", Alphabet.ALPHANUMERIC, 20, 255, 3.0),
          new Form("rk_test_", Alphabet.ALPHANUMERIC, 20, 255, 3.0),
          new Form("whsec_", Alphabet.ALPHANUMERIC, 24, 255, 3.0),
          new Form("AIza", Alphabet.URL_SAFE, 35, 35, 3.3),
          new Form("GOCSPX-", Alphabet.URL_SAFE, 28, 28, 3.0),
          new Form("ya29.", Alphabet.DOTTED, 40, 2_048, 3.5),
          new Form("gh_", Alphabet.URL_SAFE, 43, 43, 3.5),
          new Form("npm_", Alphabet.ALPHANUMERIC, 36, 36, 3.3),
          new Form("pypi-AgE", Alphabet.URL_SAFE, 50, 1_024, 3.5),
          new Form("hf_", Alphabet.ALPHANUMERIC, 34, 40, 3.3),
          new Form("SG.", Alphabet.DOTTED, 60, 70, 3.5),
          new Form("dop_v1_", Alphabet.ALPHANUMERIC, 64, 64, 3.0),
          new Form("hvs.", Alphabet.URL_SAFE, 24, 255, 3.3),
          new Form("shpat_", Alphabet.ALPHANUMERIC, 32, 32, 2.8),
          new Form("lin_api_", Alphabet.ALPHANUMERIC, 32, 64, 3.3));

  private static final Form[][] BY_FIRST = byFirst();
  private static final List<String> AWS_NAMES =
      List.of("aws_secret_access_key", "secretaccesskey", "aws_secret_key");
  private static final int AWS_SECRET_LENGTH = 40;
  private static final String AZURE_NAME = "AccountKey=";
  private static final int AZURE_KEY_MIN = 80;
  private static final List<String> PLACEHOLDERS =
      List.of(
          "example", "xxxx", "your", "0000000", "1234567890", "placeholder", "redacted", "....");

  private final String text;
  private final View view;
  private final Spans spans;

  private Secrets(View view, Spans spans) {
    this.text = view.text();
    this.view = view;
    this.spans = spans;
  }

  static void find(View view, Spans spans) {
    new Secrets(view, spans).all();
  }

  private void all() {
    for (int i = 0; i < text.length(); ) {
      int end = text.charAt(i) < 0x80 ? endOfSecretAt(i) : 0;
      i = end > i ? end : i + 1;
    }
  }

  /** The end of the credential that begins there, which is then noted; 0 when none does. */
  private int endOfSecretAt(int start) {
    char first = text.charAt(start);
    if (start > 0 && Alphabet.ALPHANUMERIC.has(text.charAt(start - 1)) && first != ':') {
      return 0;
    }
    if (first == '-') {
      return text.startsWith("-----BEGIN ", start) ? privateKey(start) : 0;
    }
    if (first == ':') {
      return text.startsWith("://", start) ? password(start + 3) : 0;
    }
    return switch (first) {
      case 'e' -> webToken(start);
      case 'B', 'b' -> bearer(start);
      case 'a' -> awsSecret(start);
      case 'A' -> firstOf(awsSecret(start), azureKey(start), prefixed(start));
      case 's', 'S' -> firstOf(awsSecret(start), prefixed(start));
      default -> prefixed(start);
    };
  }

  private static Form[][] byFirst() {
    Form[][] table = new Form[128][];
    for (char c = 0; c < table.length; c++) {
      char first = c;
      table[c] =
          FORMS.stream().filter(form -> form.prefix().charAt(0) == first).toArray(Form[]::new);
    }
    return table;
  }

  private static int firstOf(int... ends) {
    for (int end : ends) {
      if (end > 0) {
        return end;
      }
    }
    return 0;
  }

  private int noted(int start, int end) {
    spans.add(Detector.SECRET, view.origin(start), view.originEnd(end));
    return end;
  }

  private int prefixed(int start) {
    for (Form form : BY_FIRST[text.charAt(start)]) {
      if (text.startsWith(form.prefix(), start)) {
        int body = start + form.prefix().length();
        int end = runEnd(body, form.alphabet(), form.max());
        boolean cut =
            end < text.length() && text.charAt(end) != '.' && form.alphabet().has(text.charAt(end));
        if (end - body >= form.min() && !cut && random(body, end, form.bits())) {
          return noted(start, end);
        }
      }
    }
    return 0;
  }

  private int runEnd(int start, Alphabet alphabet, int most) {
    int limit = Math.min(text.length(), start + most);
    int end = start;
    while (end < limit && alphabet.has(text.charAt(end))) {
      end++;
    }
    while (end > start && text.charAt(end - 1) == '.') {
      end--; // the end of a sentence
    }
    return end;
  }

  /** A PEM block with a body; to its end, or as far as it is looked at. */
  private int privateKey(int start) {
    int headerMax = Math.min(text.length(), start + 64);
    int header = start;
    while (header < headerMax && !text.startsWith(PRIVATE_KEY, header)) {
      header++;
    }
    if (header == headerMax) {
      return 0;
    }
    int limit = Math.min(text.length(), start + LENGTH_MAX);
    int body = 0;
    int at = header + PRIVATE_KEY.length();
    while (at < limit && !text.startsWith("-----END", at)) {
      body += Alphabet.ALPHANUMERIC.has(text.charAt(at)) ? 1 : 0;
      at++;
    }
    if (body < KEY_BODY_MIN || !random(header + PRIVATE_KEY.length(), at, 3.5)) {
      return 0;
    }
    int tail = Math.min(text.length(), at + 64);
    int last = Math.min(tail, at + 5);
    while (last < tail && !text.startsWith("-----", last)) {
      last++;
    }
    return noted(start, last < tail ? last + 5 : at);
  }

  private int webToken(int start) {
    if (!text.startsWith("eyJ", start)) {
      return 0;
    }
    int header = runEnd(start, Alphabet.URL_SAFE, LENGTH_MAX);
    if (!text.startsWith(".eyJ", header)) {
      return 0;
    }
    int payload = runEnd(header + 1, Alphabet.URL_SAFE, LENGTH_MAX);
    if (payload >= text.length() || text.charAt(payload) != '.') {
      return 0;
    }
    int end = runEnd(payload + 1, Alphabet.URL_SAFE, LENGTH_MAX);
    boolean signed = end - payload > 16 && decoded(start, header).contains("\"alg\"");
    return signed ? noted(start, end) : 0;
  }

  private String decoded(int start, int end) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text.substring(start, end));
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private int bearer(int start) {
    if (!text.regionMatches(true, start, "bearer ", 0, 7)) {
      return 0;
    }
    int token = start + 7;
    int end = token;
    int limit = Math.min(text.length(), token + LENGTH_MAX);
    while (end < limit
        && (Alphabet.DOTTED.has(text.charAt(end)) || "+/=~".indexOf(text.charAt(end)) >= 0)) {
      end++;
    }
    boolean mixed = digits(token, end) >= 2 && end - digits(token, end) > token + 2;
    return end - token >= BEARER_MIN && mixed && random(token, end, 3.3) ? noted(token, end) : 0;
  }

  private int awsSecret(int start) {
    if (start + 1 == text.length() || "wWeE".indexOf(text.charAt(start + 1)) < 0) {
      return 0;
    }
    for (String name : AWS_NAMES) {
      if (text.regionMatches(true, start, name, 0, name.length())) {
        int body = start + name.length();
        int most = Math.min(text.length(), body + 6);
        while (body < most && " \"':=\t".indexOf(text.charAt(body)) >= 0) {
          body++;
        }
        int end = body;
        int limit = Math.min(text.length(), body + AWS_SECRET_LENGTH + 1);
        while (end < limit && base64(text.charAt(end))) {
          end++;
        }
        return end - body == AWS_SECRET_LENGTH && random(body, end, 3.8) ? noted(body, end) : 0;
      }
    }
    return 0;
  }

  private int azureKey(int start) {
    if (!text.startsWith(AZURE_NAME, start)) {
      return 0;
    }
    int body = start + AZURE_NAME.length();
    int end = body;
    int limit = Math.min(text.length(), body + 100);
    while (end < limit && (base64(text.charAt(end)) || text.charAt(end) == '=')) {
      end++;
    }
    return end - body >= AZURE_KEY_MIN && random(body, end, 4.0) ? noted(body, end) : 0;
  }

  /** The password in {@code scheme://user:password@host}. */
  private int password(int user) {
    int limit = Math.min(text.length(), user + 2 * PASSWORD_MAX);
    int colon = -1;
    for (int i = user; i < limit; i++) {
      char c = text.charAt(i);
      if (c == ':' && colon < 0) {
        colon = i;
      } else if (c == '@' && colon >= 0) {
        return credible(colon + 1, i) ? noted(colon + 1, i) : 0;
      } else if (c <= ' ' || c >= 0x7F || "/?#<>{}$*\"'`[]()|,\\".indexOf(c) >= 0) {
        return 0;
      }
    }
    return 0;
  }

  private boolean credible(int start, int end) {
    return end - start >= 8
        && digits(start, end) > 0
        && digits(start, end) < end - start
        && random(start, end, 2.5)
        && !text.regionMatches(true, start, "pass", 0, 4);
  }

  private int digits(int start, int end) {
    int digits = 0;
    for (int i = start; i < end; i++) {
      digits += text.charAt(i) >= '0' && text.charAt(i) <= '9' ? 1 : 0;
    }
    return digits;
  }

  private static boolean base64(char c) {
    return Alphabet.ALPHANUMERIC.has(c) || c == '/' || c == '+';
  }

  /** Whether it looks drawn by lot: enough entropy, no word of examples, no row of the alphabet. */
  private boolean random(int start, int end, double bits) {
    int[] counts = new int[128];
    int neighbours = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      counts[c & 127]++;
      neighbours += i > start && c == text.charAt(i - 1) + 1 ? 1 : 0;
    }
    int length = end - start;
    double entropy = 0;
    for (int count : counts) {
      if (count > 0) {
        double share = (double) count / length;
        entropy -= share * Math.log(share) / Math.log(2);
      }
    }
    String body = text.substring(start, Math.min(end, start + 512)).toLowerCase(Locale.ROOT);
    return entropy >= bits
        && neighbours * 3 < length
        && PLACEHOLDERS.stream().noneMatch(body::contains);
  }
}
