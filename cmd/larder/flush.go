package main

import (
	"fmt"
	"net/url"
)

type flushCommand struct {
	dataFlag
	Group []string `placeholder:"NAME" help:"Feature group to flush; may be repeated (default all)."`
}

// Run returns when every row that was acknowledged before is in a file.
func (f *flushCommand) Run(c console) error {
	ctx, o, stop, err := f.ownAPI()
	if err != nil {
		return err
	}
	defer stop()
	var answer struct{ FlushedThrough string }
	if len(f.Group) == 0 {
		if err := o.call(ctx, "/larder/Flush", struct{}{}, &answer); err != nil {
			return fmt.Errorf("flush: %w", err)
		}
		fmt.Fprintf(c.out, "all groups: every row acknowledged before %s is in a file\n", answer.FlushedThrough)
	}
	for _, name := range f.Group {
		if err := o.call(ctx, "/larder/FeatureGroup/"+url.PathEscape(name)+"/Flush", struct{}{}, &answer); err != nil {
			return fmt.Errorf("flush %s: %w", name, err)
		}
		fmt.Fprintf(c.out, "%s: every row acknowledged before %s is in a file\n", name, answer.FlushedThrough)
	}
	return nil
}
