package dev.gatehouse.llm.translate;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model behind the messages protocol takes, told by its name.
 *
 * <p>The protocol changed with the models: from 4.6 on thinking is steered by effort ({@code
 * adaptive}) and no longer by a budget; from 4.7 on {@code temperature}, {@code top_p} and {@code
 * top_k} are refused. A Claude without a version in its name is taken for a newer one. A name that
 * is no Claude at all is another vendor's messages endpoint, and those speak the protocol as it was
 * before.
 *
 * @param effort whether thinking is steered by effort instead of a budget
 * @param sampling whether temperature, top_p and top_k are taken
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking">Adaptive
 *     thinking</a>
 */
record ClaudeModel(boolean effort, boolean sampling) {

  /** Major and minor; eight digits behind are a date, not a minor. */
  private static final Pattern VERSION =
      Pattern.compile("claude-(?:[a-z]+-)*?(\\d{1,2})(?:[-.](\\d{1,2})(?!\\d))?(?!\\d)");

  static ClaudeModel named(String model) {
    if (!model.contains("claude")) {
      return new ClaudeModel(false, true);
    }
    Matcher version = VERSION.matcher(model);
    if (!version.find()) {
      return new ClaudeModel(true, false);
    }
    int major = Integer.parseInt(version.group(1));
    int minor = version.group(2) == null ? 0 : Integer.parseInt(version.group(2));
    int release = major * 100 + minor;
    return new ClaudeModel(release >= 406, release < 407);
  }
}
