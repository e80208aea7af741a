package dev.gatehouse.console;

import dev.gatehouse.core.approval.Approvals;
import dev.gatehouse.core.approval.Grants;
import dev.gatehouse.core.context.ContextCatalog;
import dev.gatehouse.core.publish.PolicyVersions;
import dev.gatehouse.core.registry.OperatorAuthenticator;
import dev.gatehouse.core.registry.Registry;
import dev.gatehouse.core.route.ProviderOrders;
import dev.gatehouse.core.stop.KillSwitch;
import dev.gatehouse.core.stop.StopDrills;
import dev.gatehouse.core.stop.Suspensions;
import dev.gatehouse.core.tool.ToolCatalog;
import dev.gatehouse.core.tool.ToolPins;
import dev.gatehouse.core.tool.UpstreamLogins;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the admin API asks. All of it is called on an event loop and must not block.
 *
 * @param status the gateway as a whole
 * @param providers the LLM providers in their order, each a plain JSON tree
 * @param limits how the limits of usage stand, each a plain JSON tree
 * @param record what operators order of the record
 * @param callbacks who may hand in people's answers
 * @param metrics the gateway in numbers, in the text format that Prometheus scrapes
 */
public record AdminPorts(
    OperatorAuthenticator operators,
    Approvals approvals,
    AgentHistory history,
    Grants grants,
    Registry registry,
    ToolCatalog tools,
    ContextCatalog contexts,
    ToolPins pins,
    UpstreamLogins logins,
    KillSwitch killSwitch,
    StopDrills drills,
    Suspensions suspensions,
    PolicyVersions policies,
    Supplier<GatewayStatus> status,
    Supplier<List<Map<String, Object>>> providers,
    Supplier<List<Map<String, Object>>> limits,
    RecordOrders record,
    ProviderOrders orders,
    SignedCallbacks callbacks,
    Supplier<String> metrics) {}
