using PackagePages;

// What the PACKAGE.md of each library shows. A package's user pastes it as a program; here each is a method:
// dotnet run --project samples/packages -- Larder.Passes
if (args.Length == 0 || !Pages.All.TryGetValue(args[0], out var page))
{
    Console.Error.WriteLine($"Name a package: {string.Join(", ", Pages.All.Keys)}.");
    return 2;
}
await page(args[1..]);
return 0;
