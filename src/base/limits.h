// SPDX-License-Identifier: Apache-2.0
// Every bound on what a file may make the program do, with its reason.
//
// Reaching one is reported, unless it costs nothing but time.
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

// YAML (sigma-engine.md 1.1: 64 levels, 1 MiB and 100,000 nodes a document).
// SigmaHQ's deepest rule has 8 levels, its largest 4,600 nodes.
#define LIMIT_YAML_DEPTH 64
#define LIMIT_YAML_NODES 100000
#define LIMIT_YAML_DOCUMENT (1u << 20)
#define LIMIT_YAML_FILE (16u << 20)
// Levels of a refused document that is passed over for those behind it: libyaml's
// time for a token grows with its depth.
#define LIMIT_YAML_DEPTH_PASSED 128

// Nodes of all rules that the `action` documents of one file make: a template
// of many nodes is merged into every document after it.
#define LIMIT_COLLECTION_NODES (10 * LIMIT_YAML_NODES)

// Nesting of a condition; SigmaHQ's deepest is 6.
#define LIMIT_CONDITION_DEPTH 64
// Selections that one condition stands for, its selectors written out.
#define LIMIT_CONDITION_LEAVES 100000

// Forms that one written value may expand to (windash before an encoding,
// placeholders); 5 dashes in 5 places are 3,125.
#define LIMIT_EXPANSION 4096
#define LIMIT_EXPANSION_TEXT (1u << 20) // characters of all forms of a value
// What a rule set may take while values expand; all of SigmaHQ takes 60 MiB.
#define LIMIT_RULES_MEMORY (256u << 20)

// Correlations upon correlations, references and fields of one. Rules in use
// have 2 levels, 4 references, 3 fields. A chain (temporal_ordered) costs
// memory and time with the square of its references.
#define LIMIT_CORRELATION_DEPTH 64
#define LIMIT_CORRELATION_RULES 256
#define LIMIT_CORRELATION_FIELDS 64

// What the hits of one group may take while a correlation looks at them, unless half of
// --memory is more (by default it is: 128 MiB). Over it those are dropped that no window to
// come reaches; what is left, of one timespan, must take no more than half: 350,000 hits, by
// default 700,000, and fewer where values are counted.
#define LIMIT_CORRELATION_MEMORY (UINT64_C(64) << 20)
// What such a hit is counted with (40 bytes, and 56 that a median needs), for each
// reference of an ordered correlation (a link of a chain), and each distinct value besides
// its text.
#define LIMIT_CORRELATION_HIT_BYTES 96u
#define LIMIT_CORRELATION_LINK_BYTES 24u
#define LIMIT_CORRELATION_VALUE_BYTES 96u

// Digits of a number that is compared; more are text.
#define LIMIT_NUMBER_TEXT 64

// Questions that `lint` asks of a rule's logic: steps for all about one detection (a
// hundred times what SigmaHQ's largest needs, below a second), disjunctions on one
// branch, and the product of the lengths of two patterns that are compared (values have
// 20 characters). What they leave open is no finding.
#define LIMIT_CHECK_STEPS 2000000
#define LIMIT_CHECK_DEPTH 400
#define LIMIT_CHECK_PRODUCT 20000

// PCRE2 match and depth limits: a pathological pattern gives up after some
// milliseconds and the ledger names its rule.
#define LIMIT_REGEX_MATCH 1000000
#define LIMIT_REGEX_DEPTH 10000
#define LIMIT_REGEX_STACK (1u << 20)

// XML that libevtx makes of one record: the record's bytes are at most 64 KiB,
// so more than this is amplification (evtx-format.md 5.2).
#define LIMIT_RECORD_XML (4u << 20)
#define LIMIT_RECORD_FIELDS 65536
// Memory that libevtx is estimated to take for a record, and bytes looked at for the estimate:
// 15,000 texts in an array that is named 1,000 times took 10 GB. Records of Windows take less
// than 2 MB.
#define LIMIT_REFERENCE_MEMORY (48u << 20)
#define LIMIT_REFERENCE_WORK (16u << 20)
#define LIMIT_REFERENCE_CHUNK                                                                      \
	(192u << 20) // of a chunk, of which libevtx keeps 64; real ones: 39 MB
#define LIMIT_XML_DEPTH 256
// Bytes of the names and paths of a record's fields: a path repeats the names of all elements
// around it, and 69 KB of log took 3.7 GB. Real records stay below 100 KB.
#define LIMIT_XML_NAMES (8u << 20)
// Bytes of libevtx's XML that a value is compared with where it does not stand: once for
// each element, at worst.
#define LIMIT_XML_LOOKED (32u << 20)

// Names of elements and attributes, in UTF-16 units; the longest in real logs
// has 60. A token of 9 bytes can refer to any name of its chunk.
#define LIMIT_XML_NAME 1024

// BinXML inside values: real records have one level (evtx-format.md 2.9).
#define LIMIT_BINXML_NESTING 8

// What the templates and plain elements of one chunk may cost, in bytes that are parsed,
// that they expand to, and that compiling them takes: real ones stay below the 64 KiB of
// the chunk times three.
#define LIMIT_CHUNK_EXPANSION (8u << 20)

// What the fields of one record may cost, in bytes: a field with its value,
// a step of a template, an element that is compiled. A value of 60 KiB, or a
// nested one, can be referred to thousands of times. Real records stay below
// 40 KiB plus 33 times their size (an array of empty strings).
#define LIMIT_RECORD_WORK (256u << 10)
#define LIMIT_RECORD_WORK_FACTOR 128u

// Names of a template that stand one after the other in a chunk's list: longer chains
// are an attack, or so rare that the template is parsed anew. And bytes that remembering
// one takes: real ones need 20 KiB, but 5 bytes can refer to a name of 2 KiB.
#define LIMIT_VARIANT_CHAIN 8
#define LIMIT_VARIANT_SIZE (256u << 10)

// Templates that a worker keeps; a day's logs of one host need 1 MiB.
#define LIMIT_TEMPLATE_STORE (16u << 20)

// Templates that the logs and images of a scan lend to recovered records; a host has
// 5,000, of 2 KiB each.
#define LIMIT_TEMPLATE_BOOK (64u << 20)
// What looking for lost records may take for each 64 KiB of input, in bytes of records
// judged and templates expanded. Real chunks stay below 1 MiB; bytes made of nothing
// but beginnings of records would take any number.
#define LIMIT_RECOVER_WORK (4u << 20)
// Live records that recovered ones are compared with, 16 bytes each: 16 GB of logs. And
// recovered ones of one thread, 32 bytes each.
#define LIMIT_RECOVER_LIVE (1u << 24)
#define LIMIT_RECOVER_FOUND (1u << 24)

// Nestings of fields that a dump keeps; a day's logs of one host need 300 KiB.
#define LIMIT_DUMP_LAYOUTS (8u << 20)

// Records of one chunk that libevtx is tried on where the native reader fails (more are
// lost), and losses of a scan, and of one file, that are described: the first ones, more
// are only counted. Each is a line of 100 bytes, and a torn file has some tens.
#define LIMIT_STRAYS 64
#define LIMIT_LOSSES 4096
#define LIMIT_FILE_LOSSES 64

// Plans of rules that a worker keeps, and forms of records, each by number and bytes: a
// log can invent channels, providers and templates, and a form may have 65,536 fields.
// What is not kept is made again. All of SigmaHQ over real logs needs 12 MiB of plans and
// 5 MiB of forms.
#define LIMIT_PLANS 4096
#define LIMIT_PLANS_SIZE (32u << 20)
#define LIMIT_SHAPES 4096
#define LIMIT_SHAPES_SIZE (16u << 20)

// Fields that the details of a hit show, instances of one of them, and values that it
// matched on; all fields are in the record.
#define LIMIT_HIT_FIELDS 64
#define LIMIT_HIT_INSTANCES 16
#define LIMIT_HIT_REASONS 64

// Folder depth while looking for logs, against loops that links make.
#define LIMIT_FOLDER_DEPTH 64

// Kinds of records (channel, provider, event id) that coverage tells apart; a
// collection of a thousand hosts has some thousand.
#define LIMIT_COVERAGE_KINDS 65536

// Rules, computers and hours that the summary of hits tells apart; 7 years of hours,
// or all of SigmaHQ twenty times.
#define LIMIT_SUMMARY_NAMES 65536

// Archives inside archives: a collection of collections has 2 or 3 levels.
#define LIMIT_ARCHIVE_DEPTH 4
// Files in one archive; a triage collection of a host has some thousand.
#define LIMIT_ARCHIVE_ENTRIES 1000000
// Bytes that an archive may give for each of its own, and besides. Deflate gives
// at most 1,032, which logs of zeros come near; xz and zstd give any number.
#define LIMIT_ARCHIVE_RATIO 2000u
#define LIMIT_ARCHIVE_FREE (UINT64_C(1) << 30)
// Bytes of a name in an archive; more are cut off. File systems allow 4,096.
#define LIMIT_ARCHIVE_NAME 4096u
// A file with passwords, and how many of them are tried on an encrypted entry
// (each costs 1,000 rounds of SHA-1 where the encryption is AES).
#define LIMIT_PASSWORD_FILE (64u << 10)
#define LIMIT_PASSWORDS 100
// Bytes of a file that are decrypted to see whether a password fits: what a wrong one
// gives is no compressed stream for long.
#define LIMIT_PASSWORD_TRIAL (16u << 20)

// Bytes of a log made from a description: `repeat` takes any count.
#define LIMIT_SYNTH_OUTPUT (UINT64_C(4) << 30)

// Metrics, each table: names of channels, providers, computers and accounts, and
// their bytes; rows of counts; items of a list (gaps, steps, clears); statuses
// for the failures of one row of logons. Windows has 1,300 channels and 50,000
// kinds of events; a spray of passwords tries 100,000 accounts. With all of them
// full, 250 MiB are in use.
#define LIMIT_METRICS_NAMES (1u << 17)
#define LIMIT_METRICS_NAME_BYTES (16u << 20)
#define LIMIT_METRICS_CELLS (1u << 18)
#define LIMIT_METRICS_ROWS (1u << 16)
#define LIMIT_METRICS_REASONS 8
// Runs of record ids in one file, 48 bytes each: an extract of as many single
// records has 600 MB.
#define LIMIT_METRICS_RUNS (1u << 20)

// Chunks of a log whose order is looked at: 64 GiB of it, 24 MiB in memory. Windows
// keeps logs below 4 GiB.
#define LIMIT_INTEGRITY_CHUNKS (1u << 20)

// What an alert carries (sigma-engine.md 4.4); totals are always given.
#define LIMIT_ALERT_RECORDS 1000
#define LIMIT_ALERT_VALUES 100

// A hit told in one sentence (SARIF, Timesketch, ECS), or how libevtx reads it differently:
// bytes of each value and of all details. Code scanning shows 1,000 characters; everything is in
// the fields.
#define LIMIT_MESSAGE_VALUE 256u
#define LIMIT_MESSAGE_DETAILS 2048u
// Fields of a record that become fields of a search index. OpenSearch and
// Elasticsearch take 1,000 names in an index unless told otherwise, and drop what
// brings more; records of Windows have up to 60, some tool's some hundred.
#define LIMIT_INDEX_FIELDS 500u
// Rules that the comment of an ATT&CK technique names.
#define LIMIT_TECHNIQUE_RULES 20u
// Hits in one HTML report: a browser holds about 2 KB of each, and filters so many in
// a tenth of a second. Nobody reads as many; CSV and JSON take any number.
#define LIMIT_REPORT_HITS 250000
// Texts that the report writes once, of each kind: rules, names, forms of records.
// All of SigmaHQ's rules are 5 MiB, the forms of records of the public samples 2.
#define LIMIT_REPORT_DICTIONARY (32u << 20)
// Rows of one list in the report's account; a browser lays out 10,000 in a second.
// `--ledger` has all.
#define LIMIT_REPORT_LIST 10000

#endif
