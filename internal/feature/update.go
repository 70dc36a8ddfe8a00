package feature

import "time"

// A GroupUpdate is what an update of a group asks for (contract §1.5): exactly one member is set.
type GroupUpdate struct {
	Additions  []Definition
	Online     *OnlineUpdate
	Throughput *Throughput // Mode "" keeps the mode
}

// An OnlineUpdate changes how an online store is kept. "" and nil keep what is.
type OnlineUpdate struct {
	TTL         *TTL
	RemoveTTL   bool
	StorageType string
}

// Update carries out u on g, a copy that nobody else holds (see Catalog.Update), and notes it: the
// definitions are there, Modified is set and LastUpdate is InProgress; whoever extends the table
// settles that. Invalid: a rule of contract §1.5 is broken, or the last update is InProgress;
// LimitExceeded: g would have too many features. After an error g is as it was.
func (g *Group) Update(u *GroupUpdate, now time.Time) error {
	now = now.UTC().Truncate(time.Millisecond)
	if err := g.checkUpdatable(u); err != nil {
		return err
	}
	var err error
	switch {
	case u.Additions != nil:
		err = g.add(u.Additions, now)
	case u.Online != nil:
		err = g.updateOnline(u.Online)
	default:
		err = g.updateThroughput(u.Throughput)
	}
	if err != nil {
		return err
	}
	g.Modified, g.LastUpdate = now, &UpdateStatus{Status: UpdateInProgress}
	return nil
}

// The statuses of an update.
const (
	UpdateSuccessful = "Successful"
	UpdateFailed     = "Failed"
	UpdateInProgress = "InProgress"
)

// checkUpdatable holds the rules on when g may be updated, and on how much u asks for at once.
func (g *Group) checkUpdatable(u *GroupUpdate) error {
	asked := 0
	for _, given := range []bool{u.Additions != nil, u.Online != nil, u.Throughput != nil} {
		if given {
			asked++
		}
	}
	switch {
	case asked != 1:
		return Errorf(Invalid, "the update has %d of FeatureAdditions, OnlineStoreConfig and ThroughputConfig; give exactly one a call", asked)
	case g.Status != Created:
		return Errorf(Invalid, "the feature group %s is %s; it can be updated when it is Created", g.Name, g.Status)
	case g.LastUpdate != nil && g.LastUpdate.Status == UpdateInProgress:
		return Errorf(Invalid, "an update of the feature group %s is InProgress; wait until its LastUpdateStatus is another", g.Name)
	}
	return nil
}

// add appends definitions.
func (g *Group) add(added []Definition, now time.Time) error {
	if n := len(added); n < 1 || n > maxAdditions {
		return Errorf(Invalid, "FeatureAdditions has %d features; it must have 1 to %d", n, maxAdditions)
	}
	if err := g.checkNew(added, g.Definitions); err != nil {
		return err
	}
	if n := len(g.Definitions) + len(added); n > maxDefinitions {
		return Errorf(LimitExceeded, "the feature group %s would have %d features; the most is %d", g.Name, n, maxDefinitions)
	}
	all := make([]Definition, 0, len(g.Definitions)+len(added))
	all = append(append(all, g.Definitions...), added...)
	for i := len(g.Definitions); i < len(all); i++ {
		all[i].Added, all[i].Metadata = now, nil
	}
	g.Definitions = all
	return nil
}

// updateOnline changes the default time to live, the storage type, or both. The type that the
// store has already may be named again, so that a caller may repeat a call that it lost.
func (g *Group) updateOnline(u *OnlineUpdate) error {
	if g.Online == nil {
		return Errorf(Invalid, "the feature group %s has no online store, and one cannot be added", g.Name)
	}
	if u.TTL == nil && !u.RemoveTTL && u.StorageType == "" {
		return Errorf(Invalid, "OnlineStoreConfig has neither TtlDuration nor StorageType; give one of them")
	}
	online := g.Online.clone()
	switch has := online.storageType(); {
	case u.StorageType == "":
	case (has == Standard || has == StandardV2) && (u.StorageType == has || u.StorageType == StandardV2):
		online.StorageType = u.StorageType
	default:
		return Errorf(Invalid, "the StorageType of the feature group %s is %s and cannot become %s; the only change is from Standard to Standard_V2", g.Name, has, quote(u.StorageType))
	}
	if u.RemoveTTL {
		online.TTL = nil
	} else if u.TTL != nil {
		if _, err := u.TTL.Seconds(); err != nil {
			return err
		}
		online.TTL = copyOf(u.TTL)
	}
	g.Online = online
	return nil
}

// storageType returns the storage type in force.
func (o *Online) storageType() string {
	if o.StorageType == "" {
		return Standard
	}
	return o.StorageType
}

// updateThroughput changes the mode, the units, or both. Units that are not given stay while the
// mode is Provisioned.
func (g *Group) updateThroughput(u *Throughput) error {
	if u.Mode == "" && u.Read == nil && u.Write == nil {
		return Errorf(Invalid, "ThroughputConfig is empty; give a ThroughputMode, or units")
	}
	t, has := u.clone(), g.Throughput
	if has == nil {
		has = &Throughput{Mode: OnDemand}
	}
	if t.Mode == "" {
		t.Mode = has.Mode
	}
	if t.Mode == Provisioned {
		if t.Read == nil {
			t.Read = copyOf(has.Read)
		}
		if t.Write == nil {
			t.Write = copyOf(has.Write)
		}
	}
	if err := g.checkThroughput(t); err != nil {
		return err
	}
	g.Throughput = t
	return nil
}
