package io.handfast.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.readiness.ReadinessPolicy.TimedStages;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R4 to R6. */
final class ProfileTest {
    @ParameterizedTest
    @EnumSource
    void every_profile_proves_with_a_deadline_of_5_s(Profile profile) {
        assertThat(profile.readiness().strategy()).isEqualTo(Strategy.PROOF);
        assertThat(profile.readiness().deadline()).isEqualTo(Duration.ofSeconds(5));
        assertThat(profile.readiness().settle()).isZero();
    }

    @Test
    void development_and_testing_make_a_basic_check_after_10_and_5_ms() {
        assertThat(Profile.DEVELOPMENT.readiness().timed()).isEqualTo(TimedStages.basicCheck(Duration.ofMillis(10)));
        assertThat(Profile.TESTING.readiness().timed()).isEqualTo(TimedStages.basicCheck(Duration.ofMillis(5)));
        assertThat(TimedStages.basicCheck(Duration.ofMillis(5)).validate()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"STAGING", "PRODUCTION"})
    void staging_and_production_have_the_stages_of_the_report(Profile profile) {
        TimedStages stages = profile.readiness().timed();
        assertThat(stages.settle()).isEqualTo(Duration.ofMillis(50));
        assertThat(stages.rechecks()).isEqualTo(millis(25, 50, 75));
        assertThat(stages.finalPause()).isEqualTo(Duration.ofMillis(25));
        assertThat(stages.validate()).isTrue();
        assertThat(stages.firstTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(stages.retryTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(stages.retryPauses()).isEqualTo(millis(50, 100, 150));
    }

    @ParameterizedTest
    @EnumSource
    void only_development_and_testing_let_strangers_in(Profile profile) {
        assertThat(profile.anonymousAllowed()).isEqualTo(profile == Profile.DEVELOPMENT || profile == Profile.TESTING);
    }

    private static List<Duration> millis(int... millis) {
        return Arrays.stream(millis).mapToObj(Duration::ofMillis).toList();
    }
}
