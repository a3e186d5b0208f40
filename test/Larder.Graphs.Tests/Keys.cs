using System.Text.Json.Nodes;
using Larder.Content;

namespace Larder.Graphs.Tests;

internal static class Keys
{
    public static readonly EntryKey A = Of("a");
    public static readonly EntryKey B = Of("b");
    public static readonly EntryKey C = Of("c");
    public static readonly EntryKey D = Of("d");

    public static EntryKey Of(string name) =>
        EntryKey.Of(
            new JsonObject
            {
                ["kind"] = "graph",
                ["version"] = 1,
                ["name"] = name,
            }
        );
}
