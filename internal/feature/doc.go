// Package feature holds the nouns of a feature store, the rules on them that need nothing but
// their arguments, and the contracts of the backends that keep them. It knows no wire format
// and no technology, and does no I/O.
//
// Glossary, one word a thing:
//
//	group       a named schema with a record identifier and an event time ("feature group")
//	feature     a named, typed member of a group
//	value       the text of one feature in one record; a feature without a value is null
//	record      the values of one identifier at one event time
//	identifier  the text of the record-identifier feature; two are equal if their bytes are
//	event time  the instant at which a record became true, as its writer says
//	write time  the instant at which the store accepted an entry; also its position
//	position    a write time used to name how far a reader has read
//	entry       one line of the journal: a record or a delete marker, with its write time
//	online      the latest record of each identifier, for reading by identifier
//	offline     every entry ever accepted, as a table, for SQL
package feature
