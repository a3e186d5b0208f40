namespace Larder.Tests.Content;

/// <summary>The vectors that RFC 8785 and its authors give.</summary>
internal static class Rfc8785
{
    /// <summary>The input of section 3.2.2.</summary>
    public const string Sample = """
        {
          "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
          "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
          "literals": [null, true, false]
        }
        """;

    /// <summary>Appendix B: the bits of a double and its text.</summary>
    public static TheoryData<string, string> Numbers { get; } =
        new()
        {
            { "0000000000000000", "0" },
            { "8000000000000000", "0" },
            { "0000000000000001", "5e-324" },
            { "8000000000000001", "-5e-324" },
            { "7fefffffffffffff", "1.7976931348623157e+308" },
            { "ffefffffffffffff", "-1.7976931348623157e+308" },
            { "4340000000000000", "9007199254740992" },
            { "c340000000000000", "-9007199254740992" },
            { "4430000000000000", "295147905179352830000" },
            { "44b52d02c7e14af5", "9.999999999999997e+22" },
            { "44b52d02c7e14af6", "1e+23" },
            { "44b52d02c7e14af7", "1.0000000000000001e+23" },
            { "444b1ae4d6e2ef4e", "999999999999999700000" },
            { "444b1ae4d6e2ef4f", "999999999999999900000" },
            { "444b1ae4d6e2ef50", "1e+21" },
            { "3eb0c6f7a0b5ed8c", "9.999999999999997e-7" },
            { "3eb0c6f7a0b5ed8d", "0.000001" },
            { "41b3de4355555553", "333333333.3333332" },
            { "41b3de4355555554", "333333333.33333325" },
            { "41b3de4355555555", "333333333.3333333" },
            { "41b3de4355555556", "333333333.3333334" },
            { "41b3de4355555557", "333333333.33333343" },
            { "becbf647612f3696", "-0.0000033333333333333333" },
            { "43143ff3c1cb0959", "1424953923781206.2" },
        };

    /// <summary>The authors' test files, as input and output: arrays, french, structures, unicode, values, weird.</summary>
    public static TheoryData<string, string> Files { get; } =
        new()
        {
            { """[56, {"d": true, "10": null, "1": [ ]}]""", """[56,{"1":[],"10":null,"d":true}]""" },
            {
                """{"peach": "This sorting order", "péché": "is wrong according to French", "pêche": "but canonicalization MUST", "sin": "ignore locale"}""",
                """{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ignore locale"}"""
            },
            {
                """{"1": {"f": {"f": "hi","F": 5} ,"\n": 56.0}, "10": { }, "": "empty", "a": { }, "111": [ {"e": "yes","E": "no" } ], "A": { }}""",
                """{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}"""
            },
            { """{"Unnormalized Unicode":"A\u030a"}""", "{\"Unnormalized Unicode\":\"A\u030a\"}" },
            {
                Sample,
                """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"""
            },
            {
                """
                    {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\u000a": "Newline", "1": "One", "\u0080": "Control\u007f",
                     "\ud83d\ude02": "Smiley", "\u00f6": "Latin Small Letter O With Diaeresis",
                     "\ufb33": "Hebrew Letter Dalet With Dagesh", "</script>": "Browser Challenge"}
                    """,
                "{\"\\n\":\"Newline\",\"\\r\":\"Carriage Return\",\"1\":\"One\",\"</script>\":\"Browser Challenge\",\"\u0080\":\"Control\u007f\","
                    + "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\",\"\ud83d\ude02\":\"Smiley\","
                    + "\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}"
            },
        };

    /// <summary>The double with these bits, in hexadecimal.</summary>
    public static double Double(string bits) => BitConverter.UInt64BitsToDouble(Convert.ToUInt64(bits, 16));
}
