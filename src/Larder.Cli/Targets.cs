using System.CommandLine;
using Larder.Origins;
using Larder.Pull.Targets;
using Larder.Server.Configuration;

namespace Larder.Cli;

/// <summary>The options that say what is pulled and where it is laid out: <c>--to</c>, or a <c>model.json</c> of Practicus.</summary>
internal sealed class Targets
{
    private readonly Option<string?> _to = new("--to")
    {
        Description = "Also lay the files out in this directory; what is there already and right is kept",
        HelpName = "DIR",
    };

    private readonly Option<bool> _link = new("--link")
    {
        Description = "With --to: hard links to the store's files, which are read-only, in place of copies",
    };

    private readonly Option<string?> _modelJson = new("--model-json")
    {
        Description = "Take REF and DIR from download_files_from and download_files_to of this file; with --origin",
        HelpName = "FILE",
    };

    private readonly Option<string?> _origin = new("--origin")
    {
        Description = "Where download_files_from lies: s3://bucket/, az://account/container/, a directory",
        HelpName = "REF",
    };

    /// <summary>Gives a command the options, one of which may stand in for its reference.</summary>
    public void AddTo(Command command, Argument<string?> reference)
    {
        command.Validators.Add(result =>
        {
            if (result.GetValue(reference) is null == result.GetValue(_modelJson) is null)
                result.AddError("Name what to pull: either REF, or --model-json with --origin.");
        });
        command.Add(_to);
        command.Add(_link);
        command.Add(_modelJson);
        command.Add(_origin);
    }

    /// <summary>What is pulled, and where it is laid out, if anywhere.</summary>
    /// <exception cref="UsageException">The options do not go together.</exception>
    /// <exception cref="ConfigurationException">The file cannot be read.</exception>
    public (ModelReference Reference, TargetDirectory? Target) Read(ParseResult result, string? reference)
    {
        var (to, link) = (result.GetValue(_to), result.GetValue(_link));
        var (file, origin) = (result.GetValue(_modelJson), result.GetValue(_origin));
        if (to is not null && string.IsNullOrWhiteSpace(to))
            throw new UsageException("--to names no directory.");
        if (file is null != origin is null)
            throw new UsageException(
                "--model-json and --origin go together: the first names files below the place that the second names."
            );
        if (file is not null)
        {
            var model = PracticusModel.Read(file);
            return (
                model.At(References.Parse(origin!)),
                new TargetDirectory(model.DirectoryIn(to)) { HardLinks = link, TrustsSizes = true }
            );
        }
        if (link && to is null)
            throw new UsageException("--link says how files are laid out, and --to, which says where, is missing.");
        return (References.Parse(reference!), to is null ? null : new TargetDirectory(to) { HardLinks = link });
    }
}
