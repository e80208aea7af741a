/**
 * A scanner of what upstreams give to models: definitions, results, questions and error messages.
 *
 * <pre>{@code
 * Scan scan = Scanner.result(tree, ScanRules.DEFAULTS);
 * scan.action();   // BLOCK, REDACT, FLAG or OFF
 * scan.findings(); // secret at /content/0/text
 * scan.tree();     // with [redacted: secret] in the place of what is to be redacted
 * }</pre>
 *
 * <p>From outside in: {@code TreeScan} walks a JSON tree, strings and member names alike; {@code
 * TextScanner} runs the detectors over one string: {@code HiddenCharacters} and {@code Homoglyphs}
 * over its code points, the others over a {@code View} without hidden characters. {@code Phrases}
 * matches rules of words (the resource {@code phrases.txt}) over {@code Tokens}, which are folded:
 * case, width, accents, look-alikes and spaced-out letters make no difference.
 *
 * <p>Nothing here backtracks: no regular expression engine is used, each detector reads a string
 * once with a look-ahead of constant length, so that a hostile text costs no more than a long one.
 */
@NullMarked
package dev.gatehouse.connectors.scan;

import org.jspecify.annotations.NullMarked;
