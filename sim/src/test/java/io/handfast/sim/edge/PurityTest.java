package io.handfast.sim.edge;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PurityTest {
    @Test
    void what_decides_knows_no_thread_clock_or_socket() {
        noClasses()
                .that()
                .resideInAnyPackage("..edge.link..", "..edge.script..", "..edge.wire..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "java.net..", "java.util.concurrent..", "java.time..", "org.slf4j..")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .accessClassesThat()
                .belongToAnyOf(Thread.class)
                .check(new ClassFileImporter(List.of(new ImportOption.DoNotIncludeTests()))
                        .importPackages("io.handfast.sim.edge"));
    }
}
