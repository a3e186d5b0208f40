Console.Out.WriteLine("Hello.");
