using System.CommandLine;
using Peers;

var command = new Command("peers", "Measures the published larder beside others. Tables go to standard output.")
{
    Setting.Command("nginx", "Files behind nginx: cold, fresh, asked again, one changed", NginxPart.RunAsync),
    Setting.Command("ceph", "Objects in Ceph", CephPart.RunAsync),
    Setting.Command("azurite", "Blobs in Azurite", AzuritePart.RunAsync),
    Setting.Command("link", "A long link with 1 Gbit/s", LinkPart.RunAsync),
    Setting.Command("chain", "Ten cached passes, from a store that is far away and from one's own", ChainPart.RunAsync),
    Setting.Command("share", "A model to a team's store and from it, in Ceph and in Azurite", SharePart.RunAsync),
    Setting.Command("memory", "The most memory of a large pull", MemoryPart.RunAsync),
};
return await command.Parse(args).InvokeAsync();
