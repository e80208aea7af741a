package dev.gatehouse.core.approval;

import dev.gatehouse.core.json.Digest;
import java.util.List;
import java.util.Optional;

/**
 * What an approver is shown beside the call, and how far its approval has come. Immutable.
 *
 * @param owner the agent's owner, who does not approve its calls; empty when not known
 * @param quorum how many approvers must say yes, 1 to {@value #QUORUM_MAX}
 * @param approvedBy who said yes so far, each once
 * @param session the agent's session; empty when it named none
 * @param policyDigest the policy set under which it was asked; empty when not known
 * @param riskDigest the risk tables under which it was asked; empty when not known
 * @param reasoning why the agent says that it makes the call; empty when it says nothing
 * @param state the target as it is
 */
public record Review(
    String owner,
    int quorum,
    List<String> approvedBy,
    String session,
    Optional<Digest> policyDigest,
    Optional<Digest> riskDigest,
    String reasoning,
    TargetState state) {

  /** Most approvers that a question may need. */
  public static final int QUORUM_MAX = 10;

  /** One approver, nothing known. */
  public static final Review PLAIN =
      new Review(
          "", 1, List.of(), "", Optional.empty(), Optional.empty(), "", new TargetState.NotRead());

  public Review {
    approvedBy = List.copyOf(approvedBy);
    if (quorum < 1 || quorum > QUORUM_MAX) {
      throw new IllegalArgumentException(
          "a quorum lies in 1.." + QUORUM_MAX + ", this is " + quorum);
    }
  }

  /** With one yes more. */
  public Review approvedAlsoBy(String approver) {
    List<String> all = new java.util.ArrayList<>(approvedBy);
    all.add(approver);
    return new Review(owner, quorum, all, session, policyDigest, riskDigest, reasoning, state);
  }

  /** With another state of the target. */
  public Review with(TargetState read) {
    return new Review(
        owner, quorum, approvedBy, session, policyDigest, riskDigest, reasoning, read);
  }

  /** Whether that yes would be the last one needed. */
  public boolean completedByOneMore() {
    return approvedBy.size() + 1 >= quorum;
  }
}
