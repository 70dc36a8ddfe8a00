package query

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query/trino"
	"github.com/larder-dev/larder/internal/table"
)

func (d *ddl) alterTable(ctx context.Context, a *trino.AlterTable) error {
	if a.Properties != nil {
		// Properties say nothing of a group's rows; clients set theirs on such tables too (contract §4.6).
		t, err := d.table(ctx, a.TableName)
		if err != nil {
			return err
		}
		return d.update(ctx, t, func(t *table.Table) error {
			t.Parameters = merged(t.Parameters, a.Properties)
			return nil
		})
	}
	t, err := d.own(ctx, a.TableName, "altered")
	if err != nil {
		return err
	}
	switch {
	case a.AddPartitions != nil:
		return d.addPartitions(ctx, t, a)
	case a.DropPartitions != nil:
		return d.dropPartitions(ctx, t, a)
	case a.RenameTo != nil:
		return d.renamePartition(ctx, t, a)
	case a.Location != "" && a.Of != nil:
		return d.changePartition(ctx, t, *a.Of, func(p *table.Partition) { p.Location = a.Location })
	case a.Location != "":
		return d.update(ctx, t, func(t *table.Table) error {
			t.Location = a.Location
			return nil
		})
	case a.AddColumns != nil:
		// Partitions are read by the table's columns: there is nothing to change in one (PARTITION …).
		return d.update(ctx, t, func(t *table.Table) error {
			t.Columns = append(slices.Clone(t.Columns), columnsOf(a.AddColumns)...)
			return duplicateColumn(t)
		})
	case a.Change != nil:
		return d.update(ctx, t, func(t *table.Table) error { return changeColumn(t, a.Change) })
	}
	return d.update(ctx, t, func(t *table.Table) error {
		t.Columns = columnsOf(a.ReplaceColumns)
		return duplicateColumn(t)
	})
}

// changeColumn gives a column another name, type, comment or place. A comment that is not given stays.
func changeColumn(t *table.Table, c *trino.ColumnChange) error {
	place := func(name string) int {
		return slices.IndexFunc(t.Columns, func(c table.Column) bool { return c.Name == name })
	}
	at := place(c.Name)
	if at < 0 {
		return ddlRefused("InvalidOperationException", "Invalid column reference "+c.Name)
	}
	to := t.Columns[at]
	if to.Name, to.Type = c.To.Name, c.To.Type; c.Commented {
		to.Comment = c.To.Comment
	}
	next := at
	switch {
	case c.First:
		next = 0
	case c.After != "" && c.After != c.Name:
		if next = place(c.After); next < 0 {
			return ddlRefused("InvalidOperationException", "Invalid column reference "+c.After)
		}
		if next < at {
			next++
		}
	}
	t.Columns = slices.Insert(slices.Delete(slices.Clone(t.Columns), at, at+1), next, to)
	return duplicateColumn(t)
}

// duplicateColumn refuses a name that is there twice.
func duplicateColumn(t *table.Table) error {
	seen := map[string]bool{}
	for _, c := range slices.Concat(t.Columns, t.PartitionKeys) {
		if seen[c.Name] {
			return ddlRefused("InvalidOperationException", "Duplicate column name: "+c.Name)
		}
		seen[c.Name] = true
	}
	return nil
}

// update changes a table. If somebody else changes it meanwhile, it is read again.
func (d *ddl) update(ctx context.Context, t *table.Table, change func(*table.Table) error) error {
	for {
		next := *t
		if err := change(&next); err != nil {
			return err
		}
		err := d.tables.ReplaceTable(ctx, &next, table.Replacement{Version: &t.Version})
		if feature.KindOf(err) != feature.Conflict {
			return err
		}
		if t, err = d.table(ctx, trino.TableName{Database: t.Database, Name: t.Name}); err != nil {
			return err
		}
	}
}

// merged is a map with the members of another.
func merged(held, more map[string]string) map[string]string {
	all := maps.Clone(held)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, more)
	return all
}

// values puts the keys of a specification into the order of the table's.
func values(t *table.Table, spec trino.PartitionSpec) ([]string, error) {
	out := make([]string, len(t.PartitionKeys))
	for _, v := range spec.Values {
		i, value, err := keyValue(t, v)
		if err != nil {
			return nil, err
		}
		out[i] = value
	}
	if len(spec.Values) != len(t.PartitionKeys) {
		return nil, refuse(typeDDL, "FAILED: SemanticException [Error 10213]: the partition specification names %d of the %d partition columns of %s.%s; name each", len(spec.Values), len(t.PartitionKeys), t.Database, t.Name)
	}
	return out, nil
}

// keyValue is the place of a key among the table's, and its value as the catalog keeps it.
func keyValue(t *table.Table, v trino.PartitionValue) (place int, value string, err error) {
	place = slices.IndexFunc(t.PartitionKeys, func(c table.Column) bool { return c.Name == v.Key })
	if place < 0 {
		return 0, "", refuse(typeDDL, "FAILED: SemanticException [Error 10098]: Non-Partition column appears in the partition specification: %s", v.Key)
	}
	if v.Value == nil {
		return place, hiveNull, nil
	}
	return place, *v.Value, nil
}

func (d *ddl) addPartitions(ctx context.Context, t *table.Table, a *trino.AlterTable) error {
	parts := make([]*table.Partition, len(a.AddPartitions))
	for i, spec := range a.AddPartitions {
		v, err := values(t, spec)
		if err != nil {
			return err
		}
		parts[i] = partitionOf(t, v)
		if spec.Location != "" {
			parts[i].Location = spec.Location
		}
	}
	if !a.IfThere {
		// One that is there refuses all.
		for _, p := range parts {
			_, err := d.tables.Partition(ctx, t.Database, t.Name, p.Values)
			if err == nil {
				return ddlRefused("AlreadyExistsException", "Partition already exists: "+partitionName(t, p.Values))
			}
			if feature.KindOf(err) != feature.NotFound {
				return err
			}
		}
	}
	errs, err := d.tables.CreatePartitions(ctx, t.Database, t.Name, parts)
	for i, one := range errs {
		if feature.KindOf(one) == feature.Exists && !a.IfThere {
			return ddlRefused("AlreadyExistsException", "Partition already exists: "+partitionName(t, parts[i].Values))
		}
	}
	return err
}

// partitionOf is the partition of these values, in the folder that its name says.
func partitionOf(t *table.Table, v []string) *table.Partition {
	p := &table.Partition{Database: t.Database, Table: t.Name, Values: v, Storage: t.Storage}
	p.Location = strings.TrimRight(t.Location, "/") + "/" + partitionName(t, v)
	return p
}

// partitionName writes the values of a partition as Hive's folders have them: k=v/k2=v2.
func partitionName(t *table.Table, v []string) string {
	parts := make([]string, len(v))
	for i := range v {
		parts[i] = escapeFolder(t.PartitionKeys[i].Name) + "=" + escapeFolder(v[i])
	}
	return strings.Join(parts, "/")
}

// escapeFolder writes a text so that it can be a part of a folder's name, as Hive does.
func escapeFolder(text string) string {
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == 0x7f || strings.IndexByte("\"#%'*/:=?\\{[]^", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// unescapeFolder is the inverse of escapeFolder.
func unescapeFolder(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		var c byte
		if name[i] == '%' && i+2 < len(name) {
			if n, err := fmt.Sscanf(name[i+1:i+3], "%02x", &c); n == 1 && err == nil {
				b.WriteByte(c)
				i += 2
				continue
			}
		}
		b.WriteByte(name[i])
	}
	return b.String()
}

func (d *ddl) dropPartitions(ctx context.Context, t *table.Table, a *trino.AlterTable) error {
	all := make([][]string, len(a.DropPartitions))
	for i, spec := range a.DropPartitions {
		var err error
		if all[i], err = values(t, spec); err != nil {
			return err
		}
		if _, err := d.tables.Partition(ctx, t.Database, t.Name, all[i]); feature.KindOf(err) == feature.NotFound && !a.IfThere {
			return refuse(typeDDL, "FAILED: SemanticException [Error 10006]: Partition not found (%s)", partitionName(t, all[i]))
		} else if err != nil && feature.KindOf(err) != feature.NotFound {
			return err
		}
	}
	_, err := d.tables.DeletePartitions(ctx, t.Database, t.Name, all)
	return err
}

func (d *ddl) renamePartition(ctx context.Context, t *table.Table, a *trino.AlterTable) error {
	to, err := values(t, *a.RenameTo)
	if err != nil {
		return err
	}
	return d.changePartition(ctx, t, *a.Of, func(p *table.Partition) { p.Values = to })
}

func (d *ddl) changePartition(ctx context.Context, t *table.Table, spec trino.PartitionSpec, change func(*table.Partition)) error {
	v, err := values(t, spec)
	if err != nil {
		return err
	}
	held, err := d.tables.Partition(ctx, t.Database, t.Name, v)
	if err == nil {
		next := *held
		change(&next)
		err = d.tables.UpdatePartition(ctx, t.Database, t.Name, v, &next)
	}
	switch feature.KindOf(err) {
	case feature.NotFound:
		return refuse(typeDDL, "FAILED: SemanticException [Error 10006]: Partition not found (%s)", partitionName(t, v))
	case feature.Exists:
		return ddlFailed("AlreadyExistsException", err)
	}
	return err
}

// repair finds the folders under a table's location that have the names of partitions and are not in the
// catalog. Its lines are Hive's.
func (d *ddl) repair(ctx context.Context, r *trino.RepairTable) (lines []string, do change, err error) {
	t, err := d.own(ctx, r.TableName, "repaired")
	if err != nil {
		return nil, nil, err
	}
	if len(t.PartitionKeys) == 0 {
		return nil, nil, nil
	}
	found, err := d.folders(ctx, t)
	if err != nil {
		return nil, nil, err
	}
	var missing []*table.Partition
	var names, repaired []string
	for _, v := range found {
		_, err := d.tables.Partition(ctx, t.Database, t.Name, v)
		if feature.KindOf(err) == feature.NotFound {
			p := partitionOf(t, v)
			missing = append(missing, p)
			names = append(names, t.Name+":"+partitionName(t, v))
			repaired = append(repaired, "Repair: Added partition to metastore "+t.Name+":"+partitionName(t, v))
		} else if err != nil {
			return nil, nil, err
		}
	}
	if len(missing) == 0 {
		return nil, nil, nil
	}
	lines = append([]string{"Partitions not in metastore:\t" + strings.Join(names, "\t")}, repaired...)
	return lines, func(ctx context.Context) error {
		_, err := d.tables.CreatePartitions(ctx, t.Database, t.Name, missing)
		return err
	}, nil
}

// folders are the values of the partitions whose folders have objects, in the order of their keys.
func (d *ddl) folders(ctx context.Context, t *table.Table) ([][]string, error) {
	name, prefix, err := splitURI(t.Location)
	if err != nil {
		return nil, err
	}
	if prefix = strings.TrimRight(prefix, "/"); prefix != "" {
		prefix += "/"
	}
	var found [][]string
	after := ""
	for {
		var o *bucket.Object
		for next, err := range d.buckets.List(ctx, name, prefix, after) {
			if err != nil {
				return nil, stageError(err)
			}
			o = next
			break
		}
		if o == nil {
			return found, nil
		}
		folder, v := folderValues(t, strings.TrimPrefix(o.Key, prefix))
		if v == nil {
			after = o.Key
			continue
		}
		found = append(found, v)
		after = prefix + folder + "/\xff" // behind all of it
	}
}

// folderValues reads the values out of a key below a table's location: k=v/k2=v2/file. nil: the key is not
// in the folder of a partition.
func folderValues(t *table.Table, key string) (folder string, v []string) {
	parts := strings.Split(key, "/")
	if len(parts) <= len(t.PartitionKeys) {
		return "", nil
	}
	for i, k := range t.PartitionKeys {
		name, value, ok := strings.Cut(parts[i], "=")
		if !ok || !strings.EqualFold(unescapeFolder(name), k.Name) {
			return "", nil
		}
		v = append(v, unescapeFolder(value))
	}
	return strings.Join(parts[:len(t.PartitionKeys)], "/"), v
}
