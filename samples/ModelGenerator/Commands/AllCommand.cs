using System.CommandLine;
using System.Globalization;
using ModelGenerator.HousePrices;
using ModelGenerator.Sentiment;
using ModelGenerator.Video;

namespace ModelGenerator.Commands;

/// <summary><c>all</c>: writes the models that are checked in.</summary>
internal static class AllCommand
{
    internal static Command Create()
    {
        var output = new Option<string>("--output")
        {
            Description = "The directory that gets house-prices/v1, house-prices/v2, sentiment and video.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "samples/models",
        };
        var command = new Command("all", "Writes the models that are checked in, the same bytes each time.") { output };
        command.SetAction(parsed => Write(parsed.GetRequiredValue(output), parsed.InvocationConfiguration.Output));
        return command;
    }

    internal static void Write(string directory, TextWriter report)
    {
        foreach (var market in new[] { Market.First, Market.Second })
        {
            var error = HousePricesModel.Write(Path.Combine(directory, "house-prices", market.Version), market);
            report.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"house-prices/{market.Version}: held-out error {error * 100:F2} % of the mean price"
                )
            );
        }
        SentimentModel.Write(Path.Combine(directory, "sentiment"));
        report.WriteLine("sentiment: written");
        VideoSample.Write(Path.Combine(directory, "video"));
        report.WriteLine("video: written");
    }
}
