package dev.gatehouse.mcp.operations;

import dev.gatehouse.mcp.asking.ClientCapabilities;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.requests.Invocation;
import dev.gatehouse.mcp.requests.Operation;
import dev.gatehouse.mcp.requests.Replier;
import dev.gatehouse.mcp.tasks.Task;
import dev.gatehouse.mcp.tasks.Tasks;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code tasks/get}, {@code tasks/update} and {@code tasks/cancel} (SEP-2663), for clients that
 * declare the extension and for their own tasks only: any other task does not exist.
 */
final class TaskOperations {

  private TaskOperations() {}

  static Map<String, Operation> of(Tasks tasks) {
    return Map.of(
        "tasks/get",
        on(tasks, (task, _, replier) -> replier.result(task.detail())),
        "tasks/update",
        on(tasks, (task, invocation, replier) -> update(task, invocation, replier)),
        "tasks/cancel",
        on(
            tasks,
            (task, _, replier) -> {
              task.work().cancel("the client cancelled the task");
              replier.result(Map.of());
            }));
  }

  /** What is done with a task that was found. */
  private interface Use {
    void run(Task task, Invocation invocation, Replier replier);
  }

  private static Operation on(Tasks tasks, Use use) {
    return (invocation, replier) -> {
      if (!invocation.meta().capabilities().tasks()) {
        replier.error(RpcError.missingCapability(ClientCapabilities.TASKS_NEEDED));
        return;
      }
      if (!(invocation.params().get("taskId") instanceof String id)) {
        replier.error(RpcError.invalidParams("params.taskId must be the id of a task"));
        return;
      }
      Optional<Task> task = tasks.find(invocation.principal().agent(), id);
      if (task.isPresent()) {
        use.run(task.get(), invocation, replier);
      } else if (tasks.isElsewhere(id)) {
        replier.error(RpcError.otherNode("params.taskId", "task"));
      } else {
        replier.error(RpcError.invalidParams("there is no such task, or it has expired"));
      }
    };
  }

  private static void update(Task task, Invocation invocation, Replier replier) {
    if (!(invocation.params().get("inputResponses") instanceof Map<?, ?> answers)) {
      replier.error(RpcError.invalidParams("params.inputResponses must be an object"));
      return;
    }
    replier.await(
        task.work().answer(answers),
        (unfit, _) -> {
          if (unfit == null || unfit.isEmpty()) {
            replier.result(Map.of());
          } else {
            replier.error(RpcError.invalidParams(misfits(unfit)));
          }
        });
  }

  private static String misfits(List<String> keys) {
    return "these answers do not fit what was asked: "
        + RpcError.shortened(String.join(", ", keys));
  }
}
