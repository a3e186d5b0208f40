using System.Diagnostics;
using System.Text.Json;
using Larder.Server.Telemetry;
using Larder.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Server.Tests.Telemetry;

public sealed class JsonLogFormatterTests
{
    [Fact]
    public void Write_Message_IsOneObjectOnOneLine()
    {
        using var activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();

        var line = Write(
            LogLevel.Warning,
            new EventId(7, "NotWarmed"),
            [
                new("Model", "a\nb"),
                new("Count", 3),
                new("Bytes", 5L),
                new("IsNew", true),
                new("Share", 0.5),
                new("Time", TimeSpan.FromMilliseconds(1500)),
                new("Nothing", null),
                new("{OriginalFormat}", "Could not warm {Model}"),
            ],
            "Could not warm a\nb \"now\""
        );

        Assert.EndsWith("\n", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line[..^1]);
        using var document = JsonDocument.Parse(line);
        var json = document.RootElement;
        Assert.Equal("2025-01-01T00:00:00.067Z", json.GetProperty("time").GetString());
        Assert.Equal("warning", json.GetProperty("level").GetString());
        Assert.Equal("Larder.Tests", json.GetProperty("category").GetString());
        Assert.Equal(7, json.GetProperty("event_id").GetInt32());
        Assert.Equal("NotWarmed", json.GetProperty("event").GetString());
        Assert.Equal("Could not warm a\nb \"now\"", json.GetProperty("message").GetString());
        Assert.Equal(activity.TraceId.ToString(), json.GetProperty("trace_id").GetString());
        Assert.Equal(activity.SpanId.ToString(), json.GetProperty("span_id").GetString());
        Assert.Equal(
            """{"Model":"a\nb","Count":3,"Bytes":5,"IsNew":true,"Share":0.5,"Time":1.5,"Nothing":null}""",
            json.GetProperty("properties").GetRawText()
        );
    }

    [Fact]
    public void Write_FailureWithoutProperties_HasTheFailureAlone()
    {
        var line = Write(LogLevel.Error, default, [], "It failed", new InvalidOperationException("Because."));

        using var document = JsonDocument.Parse(line);
        Assert.Contains(
            "Because.",
            document.RootElement.GetProperty("exception").GetString(),
            StringComparison.Ordinal
        );
        Assert.False(document.RootElement.TryGetProperty("properties", out _));
        Assert.False(document.RootElement.TryGetProperty("event", out _));
    }

    private static string Write(
        LogLevel level,
        EventId id,
        KeyValuePair<string, object?>[] state,
        string message,
        Exception? failure = null
    )
    {
        var time = new ManualTimeProvider();
        time.Advance(TimeSpan.FromMilliseconds(67));
        using var writer = new StringWriter { NewLine = "\n" };
        var entry = new LogEntry<KeyValuePair<string, object?>[]>(
            level,
            "Larder.Tests",
            id,
            state,
            failure,
            (_, _) => message
        );
        new JsonLogFormatter(time).Write(in entry, scopeProvider: null, writer);
        return writer.ToString();
    }
}
