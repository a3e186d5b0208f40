using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Tests.Telemetry;

public sealed class EventIdTests
{
    [Fact]
    public void EventIds_OfAServer_EachMeansOneThing()
    {
        var messages = Directory
            .GetFiles(AppContext.BaseDirectory, "Larder*.dll")
            .Where(path => !path.EndsWith("Tests.dll", StringComparison.Ordinal))
            .Select(Assembly.LoadFrom)
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(method => (Method: method, Message: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(pair => pair.Message is not null)
            .ToLookup(pair => pair.Message!.EventId, pair => $"{pair.Method.DeclaringType}.{pair.Method.Name}");

        Assert.True(messages.Count > 50, $"{messages.Count} events were found.");
        Assert.Empty(messages.Where(same => same.Count() > 1).Select(same => $"{same.Key}: {string.Join(", ", same)}"));
    }
}
