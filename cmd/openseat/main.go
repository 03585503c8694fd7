// Command openseat is a contact center in one binary: "openseat serve" for real, "openseat demo" with a demo instance and a
// simulated outside world around it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is what `make build` was made from.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the first signal drains, the second one kills: what it cuts off is recovered at the next start
	err := Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "openseat:", err)
		os.Exit(1)
	}
}

// Run is the whole program: it returns when ctx has ended and what ran has been drained, or when it could not start.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var cli CLI
	shown := false // help, and nothing else is wanted
	parser, err := kong.New(&cli, kong.Name("openseat"), kong.Writers(stdout, stderr),
		kong.Description("A self-hosted cloud contact center that speaks Tencent Cloud Contact Center's interfaces."),
		kong.Vars{"version": version}, kong.Configuration(tomlFile, "openseat.toml"), kong.DefaultEnvars("OPENSEAT"),
		kong.Exit(func(int) { shown = true }))
	if err != nil {
		return err
	}
	command, err := parser.Parse(args)
	if shown {
		return nil
	}
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: cli.level()}))
	switch command.Command() {
	case "demo":
		return demo(ctx, cli.Demo, log, stdout)
	case "serve":
		return serve(ctx, cli.Serve.Options, log, stdout)
	case "instance create":
		return createInstance(ctx, cli.Instance.Create, stdout)
	default:
		return errors.New("no such command: " + command.Command())
	}
}
