using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using ModelGenerator.RandomModels;

namespace ModelGenerator.Commands;

/// <summary><c>random</c>: writes a model of any size.</summary>
internal static class RandomCommand
{
    private const string About = """
        Writes a model of any size with weights of random bytes; it loads and runs, and its answer is known.

        A single weight lies inside model.onnx if it is not larger than 1900 MiB; else the weights lie beside it in
        weights-00001.bin and on. The model reads one byte of each weight: input position (int64), output answer
        (int64), the sum over all weights w of w[position mod length of w]. The command prints one JSON document:
        {"weights": 4, "bytes": 268435456, "position": 0, "answer": 612}; bytes are those of the weights.

        Sizes: 4096, 20kB, 256MiB. Four files of 256 MiB and 46 of 20 kB: --size 1GiB --files 4 --extra 46x20kB
        """;

    private static readonly Option<long> Size = new("--size")
    {
        Description = "The bytes of all weights together, without --extra.",
        HelpName = "SIZE",
        Required = true,
        CustomParser = ParseSize,
    };

    private static readonly Option<int> Files = new("--files")
    {
        Description = "The number of files that --size is split over.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<IReadOnlyList<long>> Extra = new("--extra")
    {
        Description = "Further weights: N files of SIZE each.",
        HelpName = "NxSIZE",
        DefaultValueFactory = _ => [],
        CustomParser = ParseExtra,
    };

    private static readonly Option<ulong> Seed = new("--seed")
    {
        Description = "Equal seeds and sizes give equal bytes.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<string> Output = new("--output")
    {
        Description = "A directory; files in it are never overwritten.",
        HelpName = "DIR",
        Required = true,
    };

    internal static Command Create()
    {
        var command = new Command("random", About) { Size, Files, Extra, Seed, Output };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var size = parsed.GetValue(Size);
        var files = parsed.GetValue(Files);
        if (files < 1 || files > size)
        {
            parsed.InvocationConfiguration.Error.WriteLine(
                $"--files must be between 1 and the {size} bytes of --size, not {files}."
            );
            return 1;
        }
        long[] lengths = [.. Split(size, files), .. parsed.GetRequiredValue(Extra)];
        var model = new RandomModel(parsed.GetValue(Seed), lengths);
        model.Write(parsed.GetRequiredValue(Output));
        Report(parsed.InvocationConfiguration.Output, model, lengths);
        return 0;
    }

    private static void Report(TextWriter output, RandomModel model, long[] lengths)
    {
        var written = new
        {
            weights = lengths.Length,
            bytes = lengths.Sum(),
            position = 0,
            answer = model.Answer(0),
        };
        output.WriteLine(JsonSerializer.Serialize(written));
    }

    private static IEnumerable<long> Split(long size, int files) =>
        Enumerable.Range(0, files).Select(i => size / files + (i < size % files ? 1 : 0));

    private static long ParseSize(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (!ByteSize.TryParse(text, out var bytes))
            argument.AddError($"'{text}' is not a size; write it like 4096, 20kB or 256MiB.");
        return bytes;
    }

    private static IReadOnlyList<long> ParseExtra(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (
            text.Split('x') is [var number, var size]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && ByteSize.TryParse(size, out var bytes)
        )
            return [.. Enumerable.Repeat(bytes, count)];
        argument.AddError($"'{text}' is not a number and a size; write it like 46x20kB.");
        return [];
    }
}
