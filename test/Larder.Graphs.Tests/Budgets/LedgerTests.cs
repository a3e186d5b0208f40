using Larder.Graphs.Budgets;

namespace Larder.Graphs.Tests.Budgets;

/// <summary>The ledger beside a naive sum over all that was entered; the seed is printed.</summary>
public sealed class LedgerTests(ITestOutputHelper output)
{
    [Fact]
    public void AnySequence_AgreesWithANaiveSum()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var ledger = new Ledger();
        ledger.Limit(new Settings(new GraphCacheOptions { MaxGraphs = 12, MaxBytes = 100 }));
        List<(GraphSize Size, Phase Phase)> there = [];

        for (var step = 0; step < 5000; step++)
        {
            var at = random.Next(there.Count + 1);
            var phase = (Phase)random.Next(4);
            if (at == there.Count)
            {
                var size = RandomSize(random);
                ledger.Enter(size, phase);
                there.Add((size, phase));
            }
            else if (random.Next(2) is 0)
            {
                ledger.Leave(there[at].Size, there[at].Phase);
                there.RemoveAt(at);
            }
            else
            {
                ledger.Move(there[at].Size, there[at].Phase, phase);
                there[at] = (there[at].Size, phase);
            }

            var need = Demand.Of(RandomSize(random));
            Assert.Equal(Fits(there, need), ledger.Fits(need, new Demand()));
            // Without what is being disposed there is room, just when nothing more has to go.
            Assert.Equal(
                Fits([.. there.Where(item => item.Phase is not Phase.Draining)], need),
                ledger.ShortOf(need, new Demand()).IsMet
            );
            Assert.Equal(there.Count(item => item.Phase is Phase.Lost), ledger.Lost);
            var host = ledger.Account(GraphDevice.Host).ToStatistics();
            Assert.Equal(
                there.Sum(item => item.Size.BytesOn(GraphDevice.Host)),
                host.UsedBytes + host.ReservedBytes + host.DrainingBytes + host.LostBytes
            );
        }
    }

    [Fact]
    public void FindNeverFits_AboveAnyLimit_NamesIt()
    {
        var ledger = new Ledger();
        var options = new GraphCacheOptions
        {
            MaxGraphs = 2,
            MaxBytes = 10,
            Devices = new Dictionary<string, DeviceBudget>
            {
                ["gpu0"] = new() { MaxGraphs = 1, MaxBytes = 5 },
            },
        };
        ledger.Limit(new Settings(options));
        var two = Demand.Of(GraphSize.On("gpu0", 1));
        two.Add(GraphSize.On("gpu0", 1));

        Assert.Null(ledger.FindNeverFits(Demand.Of(GraphSize.OfHost(10).And("gpu0", 5))));
        Assert.Equal(new("host", true, 10, 11), ledger.FindNeverFits(Demand.Of(GraphSize.OfHost(11))));
        Assert.Equal(new("gpu0", true, 5, 6), ledger.FindNeverFits(Demand.Of(GraphSize.On("gpu0", 6))));
        Assert.Equal(new("gpu0", false, 1, 2), ledger.FindNeverFits(two));
        two.Add(GraphSize.OfHost(0));
        Assert.Equal(new(null, false, 2, 3), ledger.FindNeverFits(two));
    }

    private static GraphSize RandomSize(Random random) =>
        random.Next(3) is 0 ? GraphSize.On("gpu0", random.Next(30)) : GraphSize.OfHost(random.Next(30));

    private static bool Fits(List<(GraphSize Size, Phase Phase)> there, Demand need) =>
        there.Count + need.Graphs <= 12
        && (
            need.Devices.GetValueOrDefault(GraphDevice.Host) is var host
            && (
                !need.Devices.ContainsKey(GraphDevice.Host)
                || there.Sum(item => item.Size.BytesOn(GraphDevice.Host)) + host.Bytes <= 100
            )
        );
}
