package dev.gatehouse.llm.failover;

import dev.gatehouse.llm.wire.ReplyScan;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names a provider's error. Type and code come before the status, because quota, bad keys and
 * retired models arrive as 400 too, and moderation as 403.
 *
 * <p>Sources: the error pages of OpenAI, Anthropic, Azure OpenAI, Gemini and Bedrock, and the error
 * types of the official SDKs.
 */
public final class FaultClassifier {

  private FaultClassifier() {}

  /**
   * Names the error of a reply.
   *
   * @param status HTTP status; 200 for an error inside a successful reply
   * @param error the reply, read; when it says nothing, the status decides
   */
  public static Fault classify(int status, ReplyScan error, Optional<Duration> retryAfter) {
    FaultKind kind = kind(status, error);
    return new Fault(
        kind, status, true, retryAfter, bounded(error.errorCode()), bounded(error.errorMessage()));
  }

  private static FaultKind kind(int status, ReplyScan error) {
    FaultKind named = byName(error.errorCode(), status);
    named = named == null ? byMessage(error.errorMessage(), status) : named;
    named = named == null ? byName(error.errorType(), status) : named;
    if (named != null) {
      return named;
    }
    if (status == 404 && !error.errorParam().isEmpty() && !error.errorParam().equals("model")) {
      // an item, file or prompt that the caller named is not there; the model is
      return FaultKind.BAD_REQUEST;
    }
    return byStatus(status == 200 ? number(error.errorCode()) : status);
  }

  private static @Nullable FaultKind byName(String name, int status) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "insufficient_quota",
          "billing_error",
          "billing_hard_limit_reached",
          "billing_not_active",
          "quota_exceeded",
          "servicequotaexceededexception",
          "insufficient_balance" ->
          FaultKind.QUOTA;
      case "invalid_api_key",
          "authentication_error",
          "unsupported_country_region_territory",
          "account_deactivated",
          "invalid_organization",
          "accessdeniedexception",
          "unrecognizedclientexception",
          "expiredtokenexception",
          "invalidsignatureexception",
          "unauthenticated" ->
          FaultKind.AUTH;
      case "rate_limit_exceeded", "rate_limit_error", "resource_exhausted", "throttlingexception" ->
          FaultKind.RATE_LIMIT;
      case "overloaded_error",
          "engine_overloaded",
          "server_overloaded",
          "serviceunavailableexception",
          "modelnotreadyexception" ->
          FaultKind.OVERLOADED;
      case "timeout_error", "deadline_exceeded", "modeltimeoutexception" -> FaultKind.TIMEOUT;
      case "api_error",
          "server_error",
          "internal_server_error",
          "internal_error",
          "internalserverexception",
          "modelerrorexception",
          "modelstreamerrorexception" ->
          FaultKind.SERVER;
      case "model_not_found",
          "model_not_available",
          "deploymentnotfound",
          "invalid_model",
          "unknown_model",
          "model_deprecated",
          "resourcenotfoundexception",
          "not_found_error" ->
          FaultKind.MODEL_NOT_FOUND;
      case "context_length_exceeded" -> FaultKind.CONTEXT_LENGTH;
      case "request_too_large" -> FaultKind.REQUEST_TOO_LARGE;
      case "content_policy_violation",
          "content_filter",
          "responsibleaipolicyviolation",
          "moderation_blocked",
          "image_content_policy_violation",
          "invalid_prompt",
          "bio_policy",
          "misalignment_policy_violation",
          "cyber_policy_violation" ->
          FaultKind.CONTENT_POLICY;
      case "invalid_image",
          "invalid_image_format",
          "invalid_base64_image",
          "invalid_image_url",
          "image_too_large",
          "image_too_small",
          "image_parse_error",
          "invalid_image_mode",
          "image_file_too_large",
          "unsupported_image_media_type",
          "empty_image_file",
          "failed_to_download_image",
          "image_file_not_found",
          "previous_response_not_found" ->
          FaultKind.BAD_REQUEST;
      case "data_residency_mismatch" -> FaultKind.AUTH;
      case "permission_error" -> status == 403 ? FaultKind.AUTH : null;
      default -> null;
    };
  }

  private static @Nullable FaultKind byMessage(String message, int status) {
    String text = message.toLowerCase(Locale.ROOT);
    if (text.contains("credit balance")) {
      return FaultKind.QUOTA;
    }
    boolean rejected = status == 200 || status == 400 || status == 403 || status == 422;
    if (rejected
        && (text.contains("content filtering policy")
            || text.contains("content management policy")
            || text.contains("moderation")
            || text.contains("usage policies"))) {
      return FaultKind.CONTENT_POLICY;
    }
    if (status == 400 || status == 413 || status == 422) {
      if (text.contains("api key not valid")
          || text.contains("api key expired")
          || text.contains("api_key_invalid")) {
        return FaultKind.AUTH;
      }
      if (text.contains("prompt is too long")
          || text.contains("maximum context length")
          || text.contains("exceed context limit")) {
        return FaultKind.CONTEXT_LENGTH;
      }
      if (text.contains("model identifier is invalid")
          || text.contains("model has reached the end of its life")
          || text.contains("model is not supported")
          || text.contains("on-demand throughput isn")) {
        return FaultKind.MODEL_NOT_FOUND;
      }
    }
    return null;
  }

  private static FaultKind byStatus(int status) {
    return switch (status) {
      case 401, 403 -> FaultKind.AUTH;
      case 402 -> FaultKind.QUOTA;
      case 404 -> FaultKind.MODEL_NOT_FOUND;
      case 408, 504 -> FaultKind.TIMEOUT;
      case 413 -> FaultKind.REQUEST_TOO_LARGE;
      case 429 -> FaultKind.RATE_LIMIT;
      case 529 -> FaultKind.OVERLOADED;
      default -> status >= 400 && status < 500 ? FaultKind.BAD_REQUEST : FaultKind.SERVER;
    };
  }

  private static int number(String code) {
    return code.matches("[45][0-9]{2}") ? Integer.parseInt(code) : 500;
  }

  private static String bounded(String text) {
    return text.length() <= 2_000 ? text : text.substring(0, 2_000);
  }
}
