using System.CommandLine;
using Peers;

var command = new Command("peers", "Measures the published larder beside others. Tables go to standard output.")
{
    Setting.Command("nginx", "Files behind nginx: cold, fresh, asked again, one changed", NginxPart.RunAsync),
    Setting.Command("ceph", "Objects in Ceph", CephPart.RunAsync),
    Setting.Command("azurite", "Blobs in Azurite", AzuritePart.RunAsync),
    Setting.Command("link", "A long link with 1 Gbit/s", LinkPart.RunAsync),
    Setting.Command("memory", "The most memory of a large pull", MemoryPart.RunAsync),
};
return await command.Parse(args).InvokeAsync();
