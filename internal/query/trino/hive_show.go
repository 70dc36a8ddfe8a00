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
	return nil, p.refuse("SHOW " + strings.ToUpper(p.tok.raw))
}

// showNames reads DATABASES, TABLES or VIEWS [IN database] [[LIKE] 'pattern'].
func (p *hiveParser) showNames(kind ShowKind) (Statement, error) {
	s := &Show{Kind: kind}
	err := p.advance()
	if err == nil && kind != ShowDatabases && (p.is("IN") || p.is("FROM")) {
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

// showTable reads the name of the one table that is shown.
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
	return s, err
}

// describe reads [EXTENDED | FORMATTED] [database.]table.
func (p *hiveParser) describe() (Statement, error) {
	s := &Show{Kind: Describe}
	var err error
	if p.is("EXTENDED") || p.is("FORMATTED") {
		s.Formatted = true
		err = p.advance()
	}
	if err == nil {
		s.TableName, err = p.table()
	}
	if err == nil && (p.is("PARTITION") || p.tok.kind == hiveWord || p.tok.kind == hiveName) {
		err = p.refuse("DESCRIBE of a partition or a column")
	}
	return s, err
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
