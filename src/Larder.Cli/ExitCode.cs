namespace Larder.Cli;

/// <summary>What the command's exit code says.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;
    public const int NotFound = 3;
    public const int VerificationFailed = 4;
    public const int Cancelled = 130;
}
