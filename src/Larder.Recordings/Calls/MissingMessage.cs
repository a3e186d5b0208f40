namespace Larder.Recordings.Calls;

/// <summary>What is said of a call that has no recording.</summary>
internal static class MissingMessage
{
    public static string Of(string method, string nearest, string directory, RecordingsOptions options) =>
        $"""
            There is no recording of this call of {method} in '{directory}', and none is made {Reason(options)}.
            {nearest.TrimEnd()}
            To record it, where the service can run: {Command(options)}
            """.ReplaceLineEndings("\n");

    private static string Reason(RecordingsOptions options) =>
        options.IsHeldByContinuousIntegration ? "where the variable CI is set" : "in replay";

    private static string Command(RecordingsOptions options)
    {
        var test = options.CurrentTest?.Invoke();
        var command =
            options.TestCommand?.Invoke(test)
            ?? (test is null ? "dotnet test" : $"dotnet test --filter \"FullyQualifiedName~{test}\"");
        return $"{RecordingEnvironment.Use}=true {RecordingEnvironment.Save}=true {command}";
    }
}
