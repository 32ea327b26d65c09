package io.handfast.netty.loop;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;

/** Unguessable numbers for one loop, fetched in batches so that no connection pays for the generator's lock. */
public final class LoopRandom {
    private static final int BATCH_BYTES = 1024;
    private static final int ID_LONGS = 2;

    private final SecureRandom source = new SecureRandom();
    private final byte[] batch = new byte[BATCH_BYTES];
    private final ByteBuffer numbers = ByteBuffer.wrap(batch).limit(0);

    public long nextLong() {
        if (numbers.remaining() < Long.BYTES) {
            source.nextBytes(batch);
            numbers.clear();
        }
        return numbers.getLong();
    }

    /** A new id of 22 characters, 128 bits. */
    public String nextId() {
        ByteBuffer id = ByteBuffer.allocate(ID_LONGS * Long.BYTES);
        for (int i = 0; i < ID_LONGS; i++) {
            id.putLong(nextLong());
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id.array());
    }
}
