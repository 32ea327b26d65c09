package io.handfast.agents;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void each_word_takes_the_white_space_that_follows_it() {
        assertThat(Words.pieces("one  two\n\nthree")).containsExactly("one  ", "two\n\n", "three");
        assertThat(Words.pieces("one ")).containsExactly("one ");
    }

    @Test
    void leading_white_space_belongs_to_the_first_word() {
        assertThat(Words.pieces(" \t one two")).containsExactly(" \t one ", "two");
    }

    @Test
    void an_empty_text_has_none_and_white_space_alone_is_one() {
        assertThat(Words.pieces("")).isEmpty();
        assertThat(Words.pieces(" \n ")).containsExactly(" \n ");
        assertThat(Words.count(" \n ")).isZero();
    }

    @Test
    void white_space_is_that_of_unicode() {
        assertThat(Words.pieces("a\u00a0b\u3000c\u2003d")).containsExactly("a\u00a0", "b\u3000", "c\u2003", "d");
    }

    @Test
    void characters_beyond_the_basic_plane_stay_whole() {
        assertThat(Words.pieces("😀 👨‍👩‍👧 né")).containsExactly("😀 ", "👨‍👩‍👧 ", "né");
        assertThat(Words.count("😀 👨‍👩‍👧 né")).isEqualTo(3);
    }

    @Test
    void the_pieces_of_any_text_are_the_text_and_as_many_as_its_words() {
        String alphabet = "ab é😀\t\n \u00a0.";
        for (long seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(String.join("", Words.pieces(text.toString())))
                    .as("seed %d", seed)
                    .isEqualTo(text.toString());
            int words = Words.count(text.toString());
            assertThat(Words.pieces(text.toString()))
                    .as("seed %d", seed)
                    .hasSize(words == 0 && text.length() > 0 ? 1 : words);
        }
    }
}
