package trino

// A Statement is what Parse makes of a text: one of *Query, *CreateTable, *DropTable, *CreateDatabase.
type Statement interface {
	// Class is Athena's StatementType, DDL, DML or UTILITY, and its SubstatementType.
	Class() (statement, substatement string)
}

// A CreateTable is CREATE EXTERNAL TABLE, Hive's form. Names are lower case.
type CreateTable struct {
	Database, Name string // Database "" if the statement gave none
	IfNotExists    bool
	Columns        []TableColumn
	Comment        string
	SerDe          string            // as written; "" if none
	SerDeParams    map[string]string // WITH SERDEPROPERTIES
	InputFormat    string            // STORED AS; "" if none
	OutputFormat   string
	Location       string
	Properties     map[string]string // TBLPROPERTIES
}

// A DropTable is DROP TABLE.
type DropTable struct {
	Database, Name string
	IfExists       bool
}

// A CreateDatabase is CREATE DATABASE or CREATE SCHEMA.
type CreateDatabase struct {
	Name        string
	IfNotExists bool
	Comment     string
	Location    string
}

// Class is DDL.
func (*CreateTable) Class() (string, string) { return "DDL", "CREATE_TABLE" }

// Class is DDL.
func (*DropTable) Class() (string, string) { return "DDL", "DROP_TABLE" }

// Class is DDL.
func (*CreateDatabase) Class() (string, string) { return "DDL", "CREATE_DATABASE" }
