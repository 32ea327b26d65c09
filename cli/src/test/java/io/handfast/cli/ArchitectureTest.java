package io.handfast.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Timer;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** The arrows of docs/ARCHITECTURE.md, "Modules and packages". */
class ArchitectureTest {
    private static final String[] CORE = {
        "io.handfast.agent..",
        "io.handfast.connection..",
        "io.handfast.log..",
        "io.handfast.protocol..",
        "io.handfast.readiness..",
        "io.handfast.run.."
    };
    private static final JavaClasses HANDFAST = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.handfast");

    @Test
    void the_core_uses_the_jdk_and_jackson_only() {
        classes()
                .that(resideInAnyPackage(CORE))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(CORE)
                        .or(resideInAnyPackage("java..", "tools.jackson.core..", "org.jspecify..")))
                .check(HANDFAST);
    }

    @Test
    void the_core_knows_no_thread_clock_socket_or_logger() {
        noClasses()
                .that(resideInAnyPackage(CORE))
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.net..", "java.nio.channels..", "java.util.logging.."))
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Thread.class, ThreadLocal.class, Timer.class, Executors.class, ForkJoinPool.class, Clock.class)
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .check(HANDFAST);
    }

    @Test
    void packages_of_the_core_point_one_way() {
        arrow("io.handfast.protocol..");
        arrow("io.handfast.log..", "io.handfast.protocol..");
        arrow("io.handfast.agent..", "io.handfast.protocol..");
        arrow("io.handfast.readiness..", "io.handfast.protocol..");
        arrow("io.handfast.run..", "io.handfast.agent..", "io.handfast.log..", "io.handfast.protocol..");
        arrow(
                "io.handfast.connection..",
                "io.handfast.readiness..",
                "io.handfast.run..",
                "io.handfast.agent..",
                "io.handfast.log..",
                "io.handfast.protocol..");
    }

    @Test
    void adapters_know_the_core_and_never_each_other() {
        for (String adapter : List.of("io.handfast.netty..", "io.handfast.agents..", "io.handfast.rocksdb..")) {
            arrow(adapter, CORE);
        }
    }

    @Test
    void only_the_command_and_the_benchmarks_know_the_server() {
        noClasses()
                .that(resideOutsideOfPackages("io.handfast.server..", "io.handfast.bench..", "io.handfast.cli.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.handfast.server..", "io.handfast.cli.."))
                .check(HANDFAST);
    }

    @Test
    void packages_form_no_cycle() {
        slices().matching("io.handfast.(**)").should().beFreeOfCycles().check(HANDFAST);
    }

    /** Of what belongs to Handfast, {@code from} uses nothing but itself and {@code to}. */
    private static void arrow(String from, String... to) {
        DescribedPredicate<JavaClass> allowed = resideOutsideOfPackages("io.handfast..")
                .or(resideInAnyPackage(from))
                .or(resideInAnyPackage(to));
        classes()
                .that(resideInAnyPackage(from))
                .should()
                .onlyDependOnClassesThat(allowed)
                .allowEmptyShould(true)
                .check(HANDFAST);
    }
}
