using System.CommandLine;
using System.Globalization;
using Larder.Recordings.Administration;

namespace Larder.Cli.Commands;

/// <summary><c>larder recordings</c>: looks after what tests replay.</summary>
internal static class RecordingsCommand
{
    public static Command Create(GlobalOptions options) =>
        new("recordings", "Look after a directory of recordings, which tests replay")
        {
            RecordingsListCommand.Create(options),
            RecordingsPruneCommand.Create(options),
            RecordingsVerifyCommand.Create(options),
        };

    /// <summary>The argument that names the directory.</summary>
    public static Argument<string> Directory() => new("DIR") { Description = "The directory of the recordings" };

    /// <summary>Looks after the directory that the argument names.</summary>
    public static RecordingsAdmin Open(CommandContext context, Argument<string> argument)
    {
        var directory = context.Result.GetRequiredValue(argument);
        if (directory.Length == 0)
            throw new UsageException("DIR is empty: name the directory of the recordings.");
        return System.IO.Directory.Exists(directory)
            ? new RecordingsAdmin(directory)
            : throw new NotFoundException(
                $"There is no directory '{Path.GetFullPath(directory)}'. Name the one that RecordingsOptions.Directory names in the tests."
            );
    }

    /// <summary>A number of recordings in words.</summary>
    public static string Count(int recordings) =>
        recordings == 1 ? "1 recording" : string.Create(CultureInfo.InvariantCulture, $"{recordings} recordings");
}
