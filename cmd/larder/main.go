// Command larder is a feature store that speaks the Amazon SageMaker Feature Store API.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/alecthomas/kong"
)

// commands are the verbs, one file each.
type commands struct {
	Serve   serveCommand   `cmd:"" help:"Run the server on a data directory."`
	Env     envCommand     `cmd:"" help:"Print shell exports that point any AWS program at the running server: eval \"$$(larder env)\""`
	Exec    execCommand    `cmd:"" help:"Run a command pointed at the running server: larder exec -- python program.py"`
	Demo    demoCommand    `cmd:"" help:"See a feature store work, on a directory that is thrown away."`
	Verify  verifyCommand  `cmd:"" help:"Compare the online store of each feature group with its offline store, row by row."`
	Import  importCommand  `cmd:"" help:"Load files into a feature group: larder import rows.parquet --group NAME"`
	Imports importsCommand `cmd:"" help:"List imports, show or cancel one: larder imports, larder imports show ID"`
	Export  exportCommand  `cmd:"" help:"Write a feature group's rows to files: larder export rows.parquet --group NAME"`
	Dataset datasetCommand `cmd:"" help:"Make training sets, list, export and verify them: larder dataset create NAME --labels FILE …"`
	Flush   flushCommand   `cmd:"" help:"Write the rows that wait into Parquet files now."`
	Du      duCommand      `cmd:"" help:"Say what uses the disk."`
	Version versionCommand `cmd:"" help:"Print the version."`
	Worker  workerCommand  `cmd:"" hidden:""`
}

// A console is where a command reads and writes.
type console struct {
	in       io.Reader
	out, err io.Writer
}

// A status is an exit status that has been explained already.
type status int

func (s status) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

func main() {
	os.Exit(run(os.Args[1:], console{os.Stdin, os.Stdout, os.Stderr}))
}

// run carries out one command line and returns the exit status.
func run(args []string, c console) int {
	exited := -1
	parser, err := kong.New(new(commands),
		kong.Name("larder"),
		kong.Description("A feature store that speaks the Amazon SageMaker Feature Store API.\n\nTo see it work: larder demo. To keep it: larder serve, and in another shell eval \"$(larder env)\"."),
		kong.Writers(c.out, c.err),
		kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Bind(c),
	)
	if err != nil {
		fmt.Fprintln(c.err, "larder:", err)
		return 1
	}
	ctx, err := parser.Parse(args)
	if exited >= 0 {
		return exited // --help
	}
	if err != nil {
		fmt.Fprintf(c.err, "larder: %v; see larder --help\n", err)
		return 2
	}
	err = ctx.Run()
	var s status
	switch {
	case err == nil:
		return 0
	case errors.As(err, &s):
		return int(s)
	}
	fmt.Fprintln(c.err, "larder:", err)
	return 1
}

// dataFlag names the data directory.
type dataFlag struct {
	Data string `placeholder:"DIR" env:"LARDER_DATA" help:"Data directory (default ~/.larder)."`
}

// dir returns the directory that was named, or the one in the user's home: shells in any directory
// find the same server.
func (f dataFlag) dir() (string, error) {
	if f.Data != "" {
		return filepath.Abs(f.Data)
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", errors.New("there is no home directory to keep data in: name one with --data or LARDER_DATA")
	}
	return filepath.Join(home, ".larder"), nil
}
