package io.handfast.rocksdb;

import io.handfast.log.Batch;
import io.handfast.log.EmbeddedThreadLog;
import io.handfast.log.Entry;
import io.handfast.log.MessageRecord;
import io.handfast.log.RunState;
import io.handfast.log.Store;
import io.handfast.log.StoreException;
import io.handfast.log.ThreadRecord;
import io.handfast.log.ThreadSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.WriteBatch;

/**
 * The durable engine of the log. One directory belongs to one server at a time.
 *
 * <p>When the disk is nearly full, commits are refused before the engine is touched, reads go on, and commits go on as soon
 * as there is space again. When a write of the engine itself fails, the engine is opened again before anything else is
 * decided: only then is it known what became of that write.
 */
public final class RocksStore implements Store {
    private static final String NO_SESSION =
            "there is no " + Session.FILE + " beside the engine's files: they are a back-up, or it was deleted";
    private static final long MIB = 1 << 20;

    private final RocksSettings settings;
    private final Mark mark;
    private final String place;
    private final Optional<String> doubt;
    private final String generation;

    /** Held for reading by whoever uses the engine, for writing by whoever replaces or closes it. */
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

    /** Filled by the writer, one batch after the other. */
    private final Rows rows = new Rows();

    private @Nullable Engine engine;
    private volatile boolean writeFailed;
    private boolean closed;

    /**
     * Opens the store of a directory.
     *
     * @throws StoreException when another server uses it, or it is damaged; the message says how to go on
     */
    public static RocksStore open(RocksSettings settings) throws StoreException {
        Engine engine = Engine.open(settings.directory(), settings.durability());
        try {
            BackUpFiles.clear(settings.directory());
            Mark mark = Mark.open(settings.directory());
            try {
                return new RocksStore(settings, engine, mark);
            } catch (StoreException | RuntimeException e) {
                mark.close();
                throw e;
            }
        } catch (StoreException | RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    private RocksStore(RocksSettings settings, Engine engine, Mark mark) throws StoreException {
        this.settings = settings;
        this.engine = engine;
        this.mark = mark;
        String bootId = settings.bootId().get();
        this.place = settings.place().apply(settings.directory());
        Session.Found found = new Session.Found(bootId, place, engine.sequence(), mark.get());
        Optional<Session> last = Session.read(settings.directory());
        this.doubt = last.map(session -> session.doubt(found))
                .orElseGet(() -> engine.sequence() == 0 ? Optional.empty() : Optional.of(NO_SESSION));
        this.generation = last.filter(session -> doubt.isEmpty())
                .map(Session::generation)
                .orElseGet(EmbeddedThreadLog::randomName);
        // In this order: a mark that was lowered beside the old session would prove what is not so.
        new Session(generation, settings.durability(), bootId, place, false, 0).write(settings.directory());
        mark.set(engine.sequence());
    }

    /** Why all threads begin new epochs; empty when they go on in theirs, or there were none. */
    public Optional<String> doubt() {
        return doubt;
    }

    @Override
    public String generation() {
        return generation;
    }

    @FunctionalInterface
    private interface Query<T> {
        T run(EngineReader reader) throws StoreException;
    }

    @FunctionalInterface
    private interface Lookup<T> {
        @Nullable
        T run(EngineReader reader) throws StoreException;
    }

    private <T> T read(Query<T> query) throws StoreException {
        use.readLock().lock();
        try {
            return query.run(new EngineReader(opened()));
        } finally {
            use.readLock().unlock();
        }
    }

    private <T> @Nullable T find(Lookup<T> lookup) throws StoreException {
        use.readLock().lock();
        try {
            return lookup.run(new EngineReader(opened()));
        } finally {
            use.readLock().unlock();
        }
    }

    private Engine opened() throws StoreException {
        Engine opened = engine;
        if (opened == null) {
            throw closed();
        }
        return opened;
    }

    private StoreException closed() {
        return new StoreException("the log in " + settings.directory() + " is not open", "the log is not open");
    }

    @Override
    public @Nullable ThreadRecord thread(String threadId) throws StoreException {
        return find(reader -> reader.thread(threadId));
    }

    @Override
    public @Nullable MessageRecord message(ThreadRecord thread, String messageId) throws StoreException {
        return find(reader -> reader.message(thread, messageId));
    }

    @Override
    public @Nullable RunState run(String runId) throws StoreException {
        return find(reader -> reader.run(runId));
    }

    @Override
    public List<RunState> openRuns() throws StoreException {
        return read(EngineReader::openRuns);
    }

    @Override
    public List<Entry> read(ThreadRecord thread, long fromSeq, long toSeq, int maxBytes) throws StoreException {
        return read(reader -> reader.events(thread, fromSeq, toSeq, maxBytes));
    }

    @Override
    public List<ThreadRecord> threadsOf(String ownerId, @Nullable ThreadSummary after, int limit)
            throws StoreException {
        return read(reader -> reader.threadsOf(ownerId, after, limit));
    }

    @Override
    public @Nullable String scan(@Nullable String afterThreadId, int limit, Consumer<ThreadRecord> visitor)
            throws StoreException {
        return find(reader -> reader.scan(afterThreadId, limit, visitor));
    }

    @Override
    public void commit(Batch batch) throws StoreException {
        Lock lock = use.readLock();
        lock.lock();
        try {
            Engine opened = opened();
            requireSpace();
            rows.clear();
            new BatchEncoder(opened, rows).encode(batch);
            try (WriteBatch write = rows.toBatch()) {
                opened.write(write);
                if (settings.durability() != Durability.MEMORY) {
                    mark.set(opened.sequence());
                }
            } catch (StoreException e) {
                writeFailed = true;
                throw e;
            }
        } finally {
            lock.unlock();
        }
    }

    private void requireSpace() throws StoreException {
        long usable = settings.usableBytes().getAsLong();
        if (usable < settings.reserveBytes()) {
            throw new StoreException(
                    "the disk of " + settings.directory() + " is full: " + usable / MIB + " MiB are free, and "
                            + settings.reserveBytes() / MIB
                            + " MiB stay reserved. Readers go on; appends go on by themselves when there is space",
                    Engine.DISK_FULL);
        }
    }

    /** Opens the engine again after a write that failed. */
    @Override
    public void prepare() throws StoreException {
        if (!writeFailed) {
            return;
        }
        requireSpace();
        Lock lock = use.writeLock();
        lock.lock();
        try {
            if (closed) {
                throw closed();
            }
            if (engine != null) {
                engine.close();
                engine = null;
            }
            try {
                engine = reopened();
                writeFailed = false;
            } catch (StoreException e) {
                engine = Engine.openReadOnly(settings.directory(), settings.durability());
                throw e;
            }
        } finally {
            lock.unlock();
        }
    }

    private Engine reopened() throws StoreException {
        Engine reopened = Engine.open(settings.directory(), settings.durability());
        if (settings.durability() != Durability.MEMORY && reopened.sequence() < mark.get()) {
            reopened.close();
            throw new StoreException(
                    "the log in " + settings.directory()
                            + " has lost writes that were acknowledged. Stop this server; the next one begins new epochs",
                    "the log takes nothing more until the server is started again");
        }
        return reopened;
    }

    /**
     * Writes a copy of the store as it is now, while it is in use: everything that was committed before the call is in it.
     * Whoever starts on the copy begins new epochs. Nobody else waits for the copy, and two can be made at once. The target is
     * there when it is complete, and not before.
     *
     * @param target must not exist nor be in the directory of this store; its parent must exist
     */
    public void backUp(Path target) throws StoreException {
        backUp(target, BackUpFiles::bring);
    }

    /** Makes staged files the directory of a back-up. */
    @FunctionalInterface
    interface Transfer {
        void run(Path staged, Path target) throws IOException;
    }

    /** Whether a back-up to this target would lie in the directory that it copies, by whatever links. */
    public static boolean inside(Path directory, Path target) throws StoreException {
        return BackUpFiles.inside(directory, target);
    }

    void backUp(Path target, Transfer transfer) throws StoreException {
        copy(settings.directory(), target, this::checkpoint, transfer);
    }

    private void checkpoint(Path staged) throws StoreException {
        Lock lock = use.readLock();
        lock.lock();
        try {
            opened().checkpoint(staged);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The same for a directory that no server uses at the moment. The directory itself stays as it is, what its last server
     * could prove included.
     *
     * @throws StoreException also when there is no log in the directory, or a server uses it
     */
    public static void backUp(Path directory, Path target) throws StoreException {
        if (!Files.isDirectory(directory.resolve(Engine.DIRECTORY))) {
            throw new StoreException("there is no log in " + directory);
        }
        try (Engine engine = Engine.open(directory, Durability.DISK)) {
            copy(directory, target, engine::checkpoint, BackUpFiles::bring);
        }
    }

    @FunctionalInterface
    private interface Checkpoint {
        void to(Path staged) throws StoreException;
    }

    private static void copy(Path directory, Path target, Checkpoint checkpoint, Transfer transfer)
            throws StoreException {
        BackUpFiles.check(directory, target);
        try (BackUpFiles staged = BackUpFiles.stage(directory)) {
            checkpoint.to(staged.checkpoint());
            transfer.run(staged.path(), target);
        } catch (IOException e) {
            throw new StoreException("the log in " + directory + " cannot be backed up to " + target + ": " + e, e);
        }
    }

    /** Releases the directory, and marks it as cleanly closed unless a write had failed. */
    @Override
    public void close() throws StoreException {
        Lock lock = use.writeLock();
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            Engine opened = engine; // none when it could not be opened again after a write that failed
            engine = null;
            try (mark;
                    opened) {
                if (opened != null && !writeFailed) {
                    opened.flush();
                    new Session(
                                    generation,
                                    settings.durability(),
                                    settings.bootId().get(),
                                    place,
                                    true,
                                    opened.sequence())
                            .write(settings.directory());
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
