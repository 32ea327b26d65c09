package io.handfast.netty.http;

import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Json;
import io.handfast.protocol.Outcome;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A refusal over HTTP: a document of RFC 9457, with the error's code and the field it is about (spec/protocol.md, "Refusals").
 *
 * @param code a stable word; those of {@link ErrorCode} where one fits
 * @param detail says what was wrong and what is allowed, for a person
 * @param members further members of the document
 * @param headers further headers of the response
 */
public record Problem(
        int status,
        String code,
        String detail,
        @Nullable String field,
        Map<String, Object> members,
        Map<String, String> headers) {

    public static Problem of(int status, String code, String detail) {
        return new Problem(status, code, detail, null, Map.of(), Map.of());
    }

    public static Problem of(ErrorCode code, String detail) {
        return of(code.httpStatus(), code.wireName(), detail);
    }

    public static Problem of(Outcome.Refused<?> refused) {
        return of(refused.code(), refused.message());
    }

    public static Problem invalidField(String field, String detail) {
        return new Problem(400, ErrorCode.INVALID_FIELD.wireName(), detail, field, Map.of(), Map.of());
    }

    /** A refusal of fields, whose message begins with the name of the field that it is about. */
    public static Problem ofFields(Outcome.Refused<?> refused) {
        if (refused.code() != ErrorCode.INVALID_FIELD) {
            return of(refused);
        }
        return invalidField(refused.message().substring(0, refused.message().indexOf(' ')), refused.message());
    }

    /** With a further member of the document. */
    public Problem telling(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(members);
        more.put(name, value);
        return new Problem(status, code, detail, field, more, headers);
    }

    public Problem with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Problem(status, code, detail, field, members, more);
    }

    public HttpReply reply() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("type", "about:blank");
        document.put("title", HttpResponseStatus.valueOf(status).reasonPhrase());
        document.put("status", status);
        document.put("detail", detail);
        document.put("code", code);
        if (field != null) {
            document.put("field", field);
        }
        document.putAll(members);
        return new HttpReply.Content(status, "application/problem+json", headers, Json.write(document));
    }
}
