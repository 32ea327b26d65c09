package io.handfast.bench.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.bench.client.Fault.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class TranscriptTest {
    private final Transcript transcript = new Transcript("t", "anna");

    private static ServerFrame frame(String json) {
        return ServerFrame.read(json.replace('\'', '"').getBytes(UTF_8)).orElseThrow();
    }

    private void subscribed(String epoch, long from) {
        transcript.subscribed(
                frame("{'type':'subscribed','thread_id':'t','epoch':'" + epoch + "','from_seq':" + from + "}"));
    }

    private void event(long seq, String type, String payload) {
        transcript.event(frame(
                "{'type':'" + type + "','thread_id':'t','run_id':'r','seq':" + seq + ",'payload':{" + payload + "}}"));
    }

    private void thought(long seq) {
        event(seq, "agent_thinking", "'text':'hm'");
    }

    private List<Kind> kinds() {
        return transcript.faults().stream().map(Fault::kind).toList();
    }

    @Test
    void a_run_that_is_told_in_order_is_right() {
        subscribed("e", 1);
        event(1, "user_message", "'user_id':'anna','message_id':'m','text':'a b'");
        event(2, "agent_started", "'agent':'echo'");
        event(3, "agent_response_chunk", "'text':'a '");
        event(4, "agent_response_chunk", "'text':'b'");
        event(5, "agent_completed", "'text':'a b'");
        assertThat(kinds()).isEmpty();
        assertThat(transcript.faultCount()).isZero();
        assertThat(transcript.events()).isEqualTo(5);
    }

    @Test
    void chunks_that_came_as_one_frame_stand_for_all_of_them() {
        subscribed("e", 1);
        event(1, "agent_started", "'agent':'echo'");
        transcript.event(frame("{'type':'agent_response_chunk','thread_id':'t','run_id':'r','first_seq':2,'seq':4,"
                + "'payload':{'text':'a b c'}}"));
        event(5, "agent_completed", "'text':'a b c'");
        assertThat(kinds()).isEmpty();
        assertThat(transcript.events()).isEqualTo(5);
    }

    @Test
    void an_event_that_never_comes_is_a_hole() {
        subscribed("e", 1);
        thought(1);
        thought(4);
        assertThat(kinds()).containsExactly(Kind.HOLE);
        assertThat(transcript.faults().get(0).detail()).contains("2 never came", "seq 2");
        assertThat(transcript.faultCount()).isEqualTo(2);
    }

    @Test
    void a_hole_behind_which_the_reader_asked_again_is_counted_and_no_fault() {
        subscribed("e", 1);
        thought(1);
        thought(3);
        subscribed("e", 2);
        thought(2);
        thought(3);
        assertThat(kinds()).isEmpty();
        assertThat(transcript.askedAgain()).isEqualTo(1);
    }

    @Test
    void a_connection_that_goes_on_too_late_is_a_hole() {
        subscribed("e", 1);
        thought(1);
        subscribed("e", 3);
        thought(3);
        assertThat(kinds()).containsExactly(Kind.HOLE);
    }

    @Test
    void an_event_that_comes_twice_is_a_repeat() {
        subscribed("e", 1);
        thought(1);
        thought(2);
        thought(2);
        assertThat(kinds()).containsExactly(Kind.REPEAT);
    }

    @Test
    void an_event_that_comes_behind_a_later_one_is_disorder() {
        subscribed("e", 1);
        thought(1);
        thought(3);
        thought(2);
        assertThat(kinds()).containsExactly(Kind.DISORDER);
    }

    @Test
    void an_event_before_the_server_said_where_it_begins_is_disorder() {
        thought(1);
        assertThat(kinds()).containsExactly(Kind.DISORDER);
    }

    @Test
    void what_belongs_to_another_thread_or_user_is_foreign() {
        subscribed("e", 1);
        transcript.event(frame("{'type':'agent_thinking','thread_id':'other','seq':1,'payload':{}}"));
        event(1, "user_message", "'user_id':'bert','message_id':'m','text':'hi'");
        assertThat(kinds()).containsExactly(Kind.FOREIGN, Kind.FOREIGN);
    }

    @Test
    void an_answer_that_is_not_what_its_chunks_say_is_a_broken_run() {
        subscribed("e", 1);
        event(1, "agent_started", "'agent':'echo'");
        event(2, "agent_response_chunk", "'text':'a '");
        event(3, "agent_completed", "'text':'a b'");
        assertThat(kinds()).containsExactly(Kind.BROKEN_RUN);
    }

    @Test
    void an_event_behind_the_end_of_its_run_is_a_broken_run() {
        subscribed("e", 1);
        event(1, "agent_started", "'agent':'echo'");
        event(2, "agent_completed", "'text':''");
        event(3, "agent_error", "'code':'agent_failed'");
        assertThat(kinds()).containsExactly(Kind.BROKEN_RUN);
    }

    @Test
    void a_new_epoch_begins_a_new_transcript() {
        subscribed("e", 1);
        thought(1);
        thought(2);
        subscribed("f", 1);
        thought(1);
        assertThat(kinds()).isEmpty();
    }
}
