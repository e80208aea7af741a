package dev.gatehouse.core.call;

/** How much it hurts when the target is damaged. */
public enum TargetTier {
  DEV,
  STAGING,
  PROD
}
