using Larder.BrowserTests;

[assembly: AssemblyFixture(typeof(Chromium))]
// One browser and two processors: pages beside each other only make all of them late.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
