// Package metamorphic holds the rules of the store as properties: random histories of all operations
// against the real server, started in process with a clock of the test's own, and next to it a naive
// model that says what each reply, each record and each row of SQL must be; and concurrent histories that
// must be linearizable. The model is written from the contract and shares no code with the server.
//
// Every run prints its seed and the command that repeats it. A history that disagrees is made shorter
// before it is shown.
package metamorphic
