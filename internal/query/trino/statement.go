package trino

// A Statement is what Parse makes of a text: *Query, or one of the types of this file.
type Statement interface {
	// Class is Athena's StatementType, DDL, DML or UTILITY, and its SubstatementType.
	Class() (statement, substatement string)
}

// A TableName is the name of a table or a view. Database is "" if the statement gave none. Names are
// lower case.
type TableName struct{ Database, Name string }

// A HiveColumn is a column of Hive's DDL. Names and types are lower case.
type HiveColumn struct{ Name, Type, Comment string }

// A CreateTable is CREATE EXTERNAL TABLE, Hive's form.
type CreateTable struct {
	TableName
	IfNotExists  bool
	Columns      []HiveColumn
	Partitions   []HiveColumn // PARTITIONED BY
	Comment      string
	SerDe        string            // as written; "" if none
	SerDeParams  map[string]string // WITH SERDEPROPERTIES
	InputFormat  string            // STORED AS; "" if none
	OutputFormat string
	Location     string
	Properties   map[string]string // TBLPROPERTIES
}

// A DropTable is DROP TABLE or DROP VIEW.
type DropTable struct {
	TableName
	View     bool
	IfExists bool
}

// A CreateDatabase is CREATE DATABASE or CREATE SCHEMA.
type CreateDatabase struct {
	Name        string
	IfNotExists bool
	Comment     string
	Location    string
	Properties  map[string]string // WITH DBPROPERTIES
}

// A DropDatabase is DROP DATABASE or DROP SCHEMA.
type DropDatabase struct {
	Name     string
	IfExists bool
	Cascade  bool // with its tables
}

// A PartitionValue is one key of a PARTITION (…) and its value; NULL is nil.
type PartitionValue struct {
	Key   string
	Value *string
}

// A PartitionSpec is a PARTITION (…), with a LOCATION where one may be.
type PartitionSpec struct {
	Values   []PartitionValue
	Location string
}

// A ColumnChange is CHANGE COLUMN.
type ColumnChange struct {
	Name      string // as it was
	To        HiveColumn
	Commented bool // To has a comment, perhaps an empty one, that was given
	First     bool
	After     string // "" if it was not given
}

// An AlterTable is ALTER TABLE. Exactly one of its members is what is to be done.
type AlterTable struct {
	TableName
	AddPartitions  []PartitionSpec
	DropPartitions []PartitionSpec
	IfThere        bool // IF NOT EXISTS of ADD, IF EXISTS of DROP
	AddColumns     []HiveColumn
	ReplaceColumns []HiveColumn
	Change         *ColumnChange
	Properties     map[string]string // SET TBLPROPERTIES
	Location       string            // SET LOCATION, of Of if that is not nil
	Of             *PartitionSpec
	RenameTo       *PartitionSpec // PARTITION (…) RENAME TO PARTITION (…)
}

// An AlterDatabase is ALTER DATABASE … SET DBPROPERTIES.
type AlterDatabase struct {
	Name       string
	Properties map[string]string
}

// A RepairTable is MSCK REPAIR TABLE.
type RepairTable struct{ TableName }

// A ShowKind is what a Show shows.
type ShowKind string

// The kinds, as Athena names their statements.
const (
	ShowDatabases   ShowKind = "SHOW_DATABASES"
	ShowTables      ShowKind = "SHOW_TABLES"
	ShowViews       ShowKind = "SHOW_VIEWS"
	ShowColumns     ShowKind = "SHOW_COLUMNS"
	ShowPartitions  ShowKind = "SHOW_PARTITIONS"
	ShowCreateTable ShowKind = "SHOW_CREATE_TABLE"
	ShowCreateView  ShowKind = "SHOW_CREATE_VIEW"
	ShowProperties  ShowKind = "SHOW_TBLPROPERTIES"
	ShowFunctions   ShowKind = "SHOW_FUNCTIONS"
	ShowCatalogs    ShowKind = "SHOW_CATALOGS"
	Describe        ShowKind = "DESCRIBE_TABLE"
)

// A Show is SHOW … or DESCRIBE.
type Show struct {
	Kind      ShowKind
	TableName // of the kinds that are of one table; Database alone of SHOW TABLES and SHOW VIEWS
	Pattern   string
	Property  string // SHOW TBLPROPERTIES t ('p')
	Formatted bool   // DESCRIBE FORMATTED or EXTENDED
	// Of is the PARTITION (…) of DESCRIBE, or the keys that SHOW PARTITIONS is limited to; nil for none.
	Of *PartitionSpec
	// Path is the column of DESCRIBE and what in it is meant: fields, $elem$, $key$ and $value$; nil for all columns.
	Path []string
}

// A Value is the value of a property of CREATE TABLE AS or UNLOAD: a text, a number or a boolean as a text, or
// texts.
type Value struct {
	Text string
	List []string
	list bool
	pos
}

// IsList tells whether the value is a list of texts.
func (v Value) IsList() bool { return v.list }

// Fail makes an error at the place of the value.
func (v Value) Fail(code, message string) error { return &Error{code, v.line, v.column, message} }

// A CreateTableAs is CREATE TABLE … AS.
type CreateTableAs struct {
	TableName
	IfNotExists bool
	Comment     string
	Properties  map[string]Value // WITH, names in lower case
	NoData      bool             // WITH NO DATA
	Query       *Query
}

// A CreateView is CREATE VIEW.
type CreateView struct {
	TableName
	Replace bool
	Comment string
	SQL     string // the text of the query
	Query   *Query
}

// An Insert is INSERT INTO.
type Insert struct {
	TableName
	At      pos
	Columns []string // lower case; nil if the statement gave none
	Query   *Query
}

// Fail makes an error at the place of the statement.
func (i *Insert) Fail(code, message string) error {
	return &Error{code, i.At.line, i.At.column, message}
}

// An Unload is UNLOAD (…) TO '…'.
type Unload struct {
	Location   string
	Properties map[string]Value
	Query      *Query
}

// An Explain is EXPLAIN of a query.
type Explain struct {
	Analyze bool   // run it, and say what it took
	Type    string // LOGICAL, DISTRIBUTED, VALIDATE or IO
	Format  string // TEXT, JSON or GRAPHVIZ
	Query   *Query
}

// A Prepare is PREPARE … FROM.
type Prepare struct{ Name, SQL string }

// An Execute is EXECUTE … USING. Parameters are the expressions, as they are written.
type Execute struct {
	Name       string
	Parameters []string
}

// A Deallocate is DEALLOCATE PREPARE.
type Deallocate struct{ Name string }

// Class is UTILITY.
func (*Prepare) Class() (string, string) { return "UTILITY", "PREPARE" }

// Class is DML, as of the query that it runs.
func (*Execute) Class() (string, string) { return "DML", "EXECUTE" }

// Class is UTILITY.
func (*Deallocate) Class() (string, string) { return "UTILITY", "DEALLOCATE" }

// Class is DDL.
func (*CreateTable) Class() (string, string) { return "DDL", "CREATE_TABLE" }

// Class is DDL.
func (d *DropTable) Class() (string, string) {
	if d.View {
		return "DDL", "DROP_VIEW"
	}
	return "DDL", "DROP_TABLE"
}

// Class is DDL.
func (*CreateDatabase) Class() (string, string) { return "DDL", "CREATE_DATABASE" }

// Class is DDL.
func (*DropDatabase) Class() (string, string) { return "DDL", "DROP_DATABASE" }

// Class is DDL.
func (a *AlterTable) Class() (string, string) {
	switch {
	case a.AddPartitions != nil:
		return "DDL", "ALTER_TABLE_ADD_PARTITION"
	case a.DropPartitions != nil:
		return "DDL", "ALTER_TABLE_DROP_PARTITION"
	case a.RenameTo != nil:
		return "DDL", "ALTER_TABLE_RENAME_PARTITION"
	case a.AddColumns != nil:
		return "DDL", "ALTER_TABLE_ADD_COLUMNS"
	case a.Change != nil:
		return "DDL", "ALTER_TABLE_CHANGE_COLUMN"
	case a.ReplaceColumns != nil:
		return "DDL", "ALTER_TABLE_REPLACE_COLUMNS"
	case a.Location != "":
		return "DDL", "ALTER_TABLE_SET_LOCATION"
	}
	return "DDL", "ALTER_TABLE_SET_TBLPROPERTIES"
}

// Class is DDL.
func (*AlterDatabase) Class() (string, string) { return "DDL", "ALTER_DATABASE" }

// Class is DDL.
func (*RepairTable) Class() (string, string) { return "DDL", "MSCK_REPAIR_TABLE" }

// Class is UTILITY.
func (s *Show) Class() (string, string) { return "UTILITY", string(s.Kind) }

// Class is DDL.
func (*CreateTableAs) Class() (string, string) { return "DDL", "CREATE_TABLE_AS_SELECT" }

// Class is DDL.
func (*CreateView) Class() (string, string) { return "DDL", "CREATE_VIEW" }

// Class is DML.
func (*Insert) Class() (string, string) { return "DML", "INSERT" }

// Class is DML.
func (*Unload) Class() (string, string) { return "DML", "UNLOAD" }

// Class is UTILITY.
func (*Explain) Class() (string, string) { return "UTILITY", "EXPLAIN" }
