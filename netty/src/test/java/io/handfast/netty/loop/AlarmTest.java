package io.handfast.netty.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AlarmTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Its loop is driven by hand and its time goes on with the machine's. */
    private final EmbeddedChannel channel = new EmbeddedChannel();

    private int fired;
    private final Alarm alarm = new Alarm(channel.eventLoop(), () -> fired++);

    /** Runs what is due; whether something is due later. */
    private boolean timerIsSet() {
        return channel.runScheduledPendingTasks() >= 0;
    }

    @Test
    void what_is_due_now_fires_once() {
        long now = System.nanoTime();
        alarm.due(now, now);
        channel.runScheduledPendingTasks();
        channel.runScheduledPendingTasks();
        assertThat(fired).isEqualTo(1);
        assertThat(timerIsSet()).isFalse();
    }

    @Test
    void an_earlier_time_wins() {
        long now = System.nanoTime();
        alarm.due(now + 3_600 * SECOND, now);
        alarm.due(now, now);
        channel.runScheduledPendingTasks();
        assertThat(fired).isEqualTo(1);
    }

    @Test
    void a_later_time_leaves_the_timer_alone_and_it_is_set_for_the_rest_when_it_fires() {
        long now = System.nanoTime();
        alarm.due(now, now);
        alarm.due(now + 3_600 * SECOND, now);
        channel.runScheduledPendingTasks();
        assertThat(fired).isZero();
        assertThat(timerIsSet()).isTrue();
    }

    @Test
    void never_is_never() {
        long now = System.nanoTime();
        alarm.due(Alarm.NEVER, now);
        assertThat(timerIsSet()).isFalse();
        alarm.due(now, now);
        alarm.due(Alarm.NEVER, now);
        channel.runScheduledPendingTasks();
        assertThat(fired).isZero();
    }

    @Test
    void a_stopped_alarm_keeps_no_timer() {
        long now = System.nanoTime();
        alarm.due(now + SECOND, now);
        alarm.stop();
        channel.runScheduledPendingTasks();
        assertThat(fired).isZero();
    }
}
