package trino

import "strings"

// show reads what follows SHOW.
func (p *hiveParser) show() (Statement, error) {
	switch {
	case p.is("DATABASES"), p.is("SCHEMAS"):
		return p.showNames(ShowDatabases)
	case p.is("TABLES"):
		return p.showNames(ShowTables)
	case p.is("VIEWS"):
		return p.showNames(ShowViews)
	case p.is("FUNCTIONS"):
		return p.showNames(ShowFunctions)
	case p.is("CATALOGS"):
		return p.showNames(ShowCatalogs)
	case p.is("COLUMNS"):
		return p.showColumns()
	case p.is("PARTITIONS"):
		return p.showTable(ShowPartitions)
	case p.is("TBLPROPERTIES"):
		return p.showTable(ShowProperties)
	case p.is("CREATE"):
		if err := p.advance(); err != nil {
			return nil, err
		}
		switch {
		case p.is("TABLE"):
			return p.showTable(ShowCreateTable)
		case p.is("VIEW"):
			return p.showTable(ShowCreateView)
		}
		return nil, p.mismatch("'TABLE', 'VIEW'")
	}
	return nil, errOtherKind
}

// showNames reads DATABASES, TABLES or VIEWS [IN database] [[LIKE] 'pattern'], FUNCTIONS or CATALOGS [LIKE 'pattern'].
func (p *hiveParser) showNames(kind ShowKind) (Statement, error) {
	s := &Show{Kind: kind}
	err := p.advance()
	if err == nil && (kind == ShowTables || kind == ShowViews) && (p.is("IN") || p.is("FROM")) {
		if err = p.advance(); err == nil {
			s.Database, err = p.name()
		}
	}
	like := false
	if err == nil {
		like, err = p.accept("LIKE")
	}
	if err == nil && (like || p.tok.kind == hiveString) {
		s.Pattern, err = p.str()
	}
	return s, err
}

// showColumns reads COLUMNS IN [database.]table [IN database].
func (p *hiveParser) showColumns() (Statement, error) {
	s := &Show{Kind: ShowColumns}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if !p.is("IN") && !p.is("FROM") {
		return nil, p.mismatch("'FROM', 'IN'")
	}
	err := p.advance()
	if err == nil {
		s.TableName, err = p.table()
	}
	if err == nil && s.Database == "" && (p.is("IN") || p.is("FROM")) {
		if err = p.advance(); err == nil {
			s.Database, err = p.name()
		}
	}
	return s, err
}

// showTable reads the name of the one table that is shown, and of SHOW PARTITIONS [PARTITION (…)].
func (p *hiveParser) showTable(kind ShowKind) (Statement, error) {
	s := &Show{Kind: kind}
	err := p.advance()
	if err == nil {
		s.TableName, err = p.table()
	}
	if err == nil && kind == ShowProperties && p.is("(") {
		if err = p.advance(); err == nil {
			s.Property, err = p.str()
		}
		if err == nil {
			err = p.expect(")")
		}
	}
	if err == nil && kind == ShowPartitions && p.is("PARTITION") {
		s.Of, err = p.ofPartition()
	}
	return s, err
}

func (p *hiveParser) ofPartition() (*PartitionSpec, error) {
	of, err := p.partition()
	return &of, err
}

// describe reads [EXTENDED | FORMATTED] [database.]table [PARTITION (…)] [column[.field…]].
func (p *hiveParser) describe() (Statement, error) {
	s := &Show{Kind: Describe}
	var err error
	if p.is("EXTENDED") || p.is("FORMATTED") {
		s.Formatted = true
		err = p.advance()
	}
	another := p.is("INPUT") || p.is("OUTPUT") || p.is("DATABASE") || p.is("SCHEMA") || p.is("FUNCTION")
	if err == nil {
		s.TableName, err = p.table()
	}
	if err == nil && another && (p.tok.kind == hiveWord || p.tok.kind == hiveName) {
		return nil, errOtherKind // DESCRIBE INPUT name and its like, which Athena has not
	}
	if err == nil && p.is("PARTITION") {
		s.Of, err = p.ofPartition()
	}
	if err == nil && (p.tok.kind == hiveWord || p.tok.kind == hiveName) {
		s.Path, err = p.columnPath()
	}
	return s, err
}

// columnPath reads column[.field | .'$elem$' | .'$key$' | .'$value$']…
func (p *hiveParser) columnPath() ([]string, error) {
	name, err := p.name()
	path := []string{name}
	for err == nil && p.is(".") {
		if err = p.advance(); err != nil {
			break
		}
		if p.tok.kind == hiveString {
			name, err = p.str()
		} else {
			name, err = p.name()
		}
		path = append(path, strings.ToLower(name))
	}
	return path, err
}

// repair reads REPAIR TABLE [database.]table.
func (p *hiveParser) repair() (Statement, error) {
	r := &RepairTable{}
	err := p.expect("REPAIR", "TABLE")
	if err == nil {
		r.TableName, err = p.table()
	}
	if err == nil && (p.is("ADD") || p.is("DROP") || p.is("SYNC")) {
		err = p.refuse("MSCK REPAIR TABLE … " + strings.ToUpper(p.tok.text))
	}
	return r, err
}
