package dev.gatehouse.console;

import dev.gatehouse.core.audit.SubjectErasure;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What operators order of the record. None of it blocks.
 *
 * @param checkpoint signs where the record stands now; the stage brings the checkpoint, a plain
 *     JSON tree, or fails when it cannot be kept
 * @param rotateKey makes new keys and puts them in force, by the operator's name; the stage brings
 *     what was done, a plain JSON tree, or fails when it was not done to the end
 * @param retention seals streams and lets them expire
 * @param erasure forgets what rows say about a subject
 */
public record RecordOrders(
    Supplier<CompletionStage<Map<String, Object>>> checkpoint,
    Function<String, CompletionStage<Map<String, Object>>> rotateKey,
    RetentionOrders retention,
    SubjectErasure erasure) {}
