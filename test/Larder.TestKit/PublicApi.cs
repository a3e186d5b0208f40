using System.Reflection;

namespace Larder.TestKit;

/// <summary>Guards the public surface of an assembly by a text file that is reviewed like code.</summary>
public static class PublicApi
{
    private const string AcceptVariable = "LARDER_ACCEPT_API";

    /// <summary>Fails when the surface is not what <c>test/NAME.Tests/NAME.api.txt</c> says.</summary>
    /// <remarks>With <c>LARDER_ACCEPT_API=1</c> in the environment the file is written instead.</remarks>
    public static void AssertMatches(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        string name = assembly.GetName().Name!;
        string file = Path.Combine(Repository.Root, "test", $"{name}.Tests", $"{name}.api.txt");
        string actual = Describe(assembly);
        if (string.Equals(Environment.GetEnvironmentVariable(AcceptVariable), "1", StringComparison.Ordinal))
        {
            File.WriteAllText(file, actual);
            return;
        }

        string expected = File.Exists(file) ? File.ReadAllText(file) : "";
        if (!string.Equals(actual, expected, StringComparison.Ordinal))
        {
            throw new InvalidOperationException(
                $"The public API of {name} is not what {name}.api.txt says:\n\n{Difference(expected, actual)}\n"
                    + $"If this is meant, set {AcceptVariable}=1, run the test again, and commit the file."
            );
        }
    }

    /// <summary>Writes the public surface: a block of lines for each type, sorted, with a blank line between.</summary>
    public static string Describe(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        IEnumerable<string> blocks = assembly
            .GetExportedTypes()
            // Razor makes every component public; what they show is not, so nobody else can use them.
            .Where(type =>
                type.Name != "_Imports" && type.GetInterface("Microsoft.AspNetCore.Components.IComponent") is null
            )
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .Select(type => string.Concat(PublicApiType.LinesOf(type).Select(line => line + "\n")));
        return string.Join('\n', blocks);
    }

    // Lines are compared within their type only, so that a line that moved to another type shows.
    private static string Difference(string expected, string actual)
    {
        Dictionary<string, string[]> before = BlocksOf(expected);
        Dictionary<string, string[]> after = BlocksOf(actual);
        IEnumerable<string> lines =
            from header in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            let old = before.GetValueOrDefault(header, [])
            let now = after.GetValueOrDefault(header, [])
            let changes = Changes(old, now).ToArray()
            where changes.Length > 0
            from line in changes.Prepend("  " + header)
            select line + "\n";
        return string.Concat(lines);
    }

    private static IEnumerable<string> Changes(string[] old, string[] now) =>
        [
            .. old.Except(now, StringComparer.Ordinal).Select(line => "- " + line),
            .. now.Except(old, StringComparer.Ordinal).Select(line => "+ " + line),
        ];

    private static Dictionary<string, string[]> BlocksOf(string api) =>
        api.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(lines => lines[0], StringComparer.Ordinal);
}
