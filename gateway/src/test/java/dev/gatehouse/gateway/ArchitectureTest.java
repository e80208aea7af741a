package dev.gatehouse.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noConstructors;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.gatehouse.core.gate.ExecutionGrant;
import dev.gatehouse.core.gate.Gate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows of the house: a star around core, and one maker of grants. */
final class ArchitectureTest {

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("dev.gatehouse");

  private static final List<String> ADAPTERS =
      List.of("policy", "audit", "registry", "fleet", "connectors", "llm", "mcp", "console");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "core",
        "policy",
        "audit",
        "registry",
        "fleet",
        "connectors",
        "llm",
        "mcp",
        "console",
        "gateway"
      })
  void everyRoomIsSeenByTheseRules(String room) {
    long seen =
        HOUSE.stream()
            .filter(type -> type.getPackageName().startsWith("dev.gatehouse." + room))
            .count();

    assertThat(seen).as("classes in " + room).isGreaterThanOrEqualTo(4);
  }

  @Test
  void coreKnowsNoFramework() {
    classes()
        .that()
        .resideInAPackage("dev.gatehouse.core..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage("dev.gatehouse.core..", "java..", "org.jspecify.annotations"))
        .check(HOUSE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"policy", "audit", "registry", "fleet", "connectors", "llm", "mcp", "console"})
  void adaptersKnowCoreAndNoOtherAdapter(String adapter) {
    noClasses()
        .that()
        .resideInAPackage("dev.gatehouse." + adapter + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.gatehouse..")
                .and(
                    not(
                        resideInAnyPackage(
                            "dev.gatehouse.core..", "dev.gatehouse." + adapter + ".."))))
        .check(HOUSE);
  }

  @Test
  void vertxStaysInTransportsEndpointsProvidersAndConnectors() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.gatehouse.core..",
            "dev.gatehouse.policy..",
            "dev.gatehouse.audit..",
            "dev.gatehouse.registry..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx..", "io.netty..")
        .check(HOUSE);
  }

  @Test
  void onlyTheGateMakesExecutionGrants() {
    ArchRule rule =
        noConstructors()
            .that()
            .areDeclaredIn(ExecutionGrant.class)
            .should()
            .bePublic()
            .orShould()
            .beProtected();
    rule.check(HOUSE);
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(Gate.class.getName())
        .should()
        .callConstructorWhere(constructsAGrant())
        .check(HOUSE);
  }

  @Test
  void roomsOfOneModuleFormNoCycles() {
    for (String adapter : ADAPTERS) {
      SlicesRuleDefinition.slices()
          .matching("dev.gatehouse." + adapter + ".(*)..")
          .should()
          .beFreeOfCycles()
          .allowEmptyShould(true)
          .check(HOUSE);
    }
  }

  @Test
  void theOldEraOfMcpIsKnownToItsEndpointOnlyAndCanBeDeleted() {
    String fence = "dev.gatehouse.mcp.legacy";
    assertThat(HOUSE.stream().filter(type -> type.getPackageName().startsWith(fence)).count())
        .as("classes in " + fence)
        .isGreaterThanOrEqualTo(5);
    noClasses()
        .that()
        .resideOutsideOfPackage(fence + "..")
        .and()
        .doNotHaveFullyQualifiedName("dev.gatehouse.mcp.McpEndpoint")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(fence + "..")
        .check(HOUSE);
    classes()
        .that()
        .resideInAPackage(fence + "..")
        .and()
        .doNotHaveSimpleName("LegacyEra")
        .should()
        .notBePublic()
        .check(HOUSE);
  }

  private static DescribedPredicate<JavaConstructorCall> constructsAGrant() {
    return DescribedPredicate.describe(
        "constructs an ExecutionGrant",
        call -> call.getTargetOwner().isEquivalentTo(ExecutionGrant.class));
  }
}
