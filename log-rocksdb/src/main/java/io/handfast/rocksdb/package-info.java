/**
 * The durable log of one server, on RocksDB. Layout, keys and recovery are described in the module's README.md.
 */
@NullMarked
package io.handfast.rocksdb;

import org.jspecify.annotations.NullMarked;
