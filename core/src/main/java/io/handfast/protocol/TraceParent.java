package io.handfast.protocol;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The header {@code traceparent} of W3C Trace Context (https://www.w3.org/TR/trace-context/#traceparent-header). */
public final class TraceParent {
    public static final String HEADER = "traceparent";

    /** Version, trace, parent and flags; forbidden are version ff and ids of zeros. */
    private static final String FIELDS = "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}";

    /** A version later than 00 may have more behind. */
    private static final Pattern FORM = Pattern.compile(FIELDS + "|(?!00)" + FIELDS + "-[!-~]{1,200}");

    private TraceParent() {}

    /** The value that may be passed on; null for none, for several, and for a malformed one, which are ignored. */
    public static @Nullable String of(List<String> values) {
        return values.size() == 1 && valid(values.get(0).strip())
                ? values.get(0).strip()
                : null;
    }

    private static boolean valid(String value) {
        return FORM.matcher(value).matches();
    }
}
