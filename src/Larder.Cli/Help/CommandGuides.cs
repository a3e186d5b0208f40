using System.CommandLine.Parsing;

namespace Larder.Cli.Help;

/// <summary>The guides of all commands.</summary>
/// <remarks>In one place and not beside the commands, so that what is read only for help is not made at each start.</remarks>
internal static class CommandGuides
{
    private const string Fetched =
        "What was fetched stays in the store: the same command goes on where this one ended.";

    private const string Removed = "What was removed by then stays removed: the same command goes on with the rest.";

    // By the words behind the name of the command.
    private static readonly Dictionary<string, CommandGuide> ByPath = new(StringComparer.Ordinal)
    {
        [""] = new(
            "larder pull hf://org/repo@main",
            "larder predict ./models/house-prices/ --input request.json",
            "larder serve --config larder.json"
        ),
        ["pull"] = new(
            "larder pull hf://org/repo@main --include '*.onnx'",
            "larder pull s3://bucket/house-prices/ --to ./models --pin",
            "larder pull ./models/house-prices/ --offline --json"
        )
        {
            WhenCancelled = Fetched,
        },
        ["list"] = new("larder list", "larder list --versions --json"),
        ["show"] = new("larder show hf://org/repo@main"),
        ["stats"] = new("larder stats", "larder stats --json"),
        ["pin"] = new("larder pin hf://org/repo@main"),
        ["unpin"] = new("larder unpin hf://org/repo@main"),
        ["clear"] = new("larder clear hf://org/repo@main", "larder clear --all --yes") { WhenCancelled = Removed },
        ["evict"] = new("larder evict --to 20GB --dry-run", "larder evict --older-than 30d")
        {
            WhenCancelled = Removed,
        },
        ["verify"] = new("larder verify", "larder verify hf://org/repo@main --repair")
        {
            WhenCancelled =
                "What was found damaged is in the quarantine, what was fetched again is kept: the same command reads everything again and fetches what is still missing.",
        },
        ["warm"] = new("larder warm models.txt", "larder warm models.txt --quiet"),
        ["export"] = new(
            "larder export hf://org/repo@main --hf-cache ~/.cache/huggingface/hub",
            "larder export s3://bucket/house-prices/ --hf-cache ./hub --repo team/house-prices"
        )
        {
            WhenCancelled =
                "What was fetched is in the store, and files that were put into the directory are whole: the same command goes on with the others.",
        },
        ["bake"] = new(
            "larder bake hf://org/repo@main --output image.tar",
            "larder bake s3://bucket/house-prices/ --base base.tar --output image.tar"
        )
        {
            WhenCancelled =
                "What was fetched stays in the store; the archive is written anew by the same command, and what stood in its place is untouched.",
        },
        ["run"] = new("larder run workflow.json --explain", "larder run workflow.json --report run.html")
        {
            WhenCancelled =
                "What was fetched and the passes that were done are kept: the same command goes on with the one that was running.",
        },
        ["token"] = new("larder token new --name web-shop --scopes predict"),
        ["token new"] = new(
            "larder token new --name web-shop --scopes predict",
            "larder token new --name ops --scopes predict,read,admin"
        ),
        ["shared"] = new("larder shared stats", "larder shared prune --older-than 30d --dry-run"),
        ["shared stats"] = new("larder shared stats --json"),
        ["shared list"] = new("larder shared list --namespace main"),
        ["shared verify"] = new("larder shared verify", "larder shared verify --deep --namespace main")
        {
            WhenCancelled = "It changes nothing: the same command begins again.",
        },
        ["shared prune"] = new("larder shared prune --older-than 30d --dry-run", "larder shared prune --to 200GB --yes")
        {
            WhenCancelled =
                "What was removed by then stays removed, and no entry that is left lacks a file: the same command goes on with the rest.",
        },
        ["predict"] = new(
            "larder predict house-prices --input request.json",
            "larder predict ./models/house-prices/ --input - --json"
        )
        {
            WhenCancelled = Fetched,
        },
        ["recordings"] = new("larder recordings list test/recordings", "larder recordings verify test/recordings"),
        ["recordings list"] = new("larder recordings list test/recordings"),
        ["recordings prune"] = new("larder recordings prune test/recordings --dry-run") { WhenCancelled = Removed },
        ["recordings verify"] = new("larder recordings verify test/recordings")
        {
            WhenCancelled = "It changes nothing: the same command begins again.",
        },
        ["presets"] = new("larder presets", "larder presets t2v_two_stages --mermaid"),
        ["serve"] = new("larder serve", "larder serve --config larder.json --urls http://127.0.0.1:9000"),
        ["demo"] = new("larder demo", "larder demo --once"),
        ["demo video"] = new(
            "larder demo video 'a red square moving right'",
            "larder demo video --preset distilled_fast --seed 7 --output square.png"
        )
        {
            WhenCancelled = Fetched,
        },
        ["completions"] = new(
            "larder completions bash > ~/.local/share/bash-completion/completions/larder",
            "larder completions zsh > ~/.zfunc/_larder",
            "larder completions fish > ~/.config/fish/completions/larder.fish"
        ),
    };

    /// <summary>The guide of the command that was asked for; null for one that has none.</summary>
    public static CommandGuide? Of(CommandResult command) => ByPath.GetValueOrDefault(PathOf(command));

    private static string PathOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}".TrimStart() : "";
}
