namespace Yagura.Cli.Explain;

public sealed class MarkdownTextTests
{
    [Fact]
    public void A_guide_is_filled_to_the_width() => Assert.Equal(
        """
          A paragraph of two
          lines [here].

          What to do

          1. First, with more
             below.
          2. Then.

          - **open

        """,
        ExplanationPageTests.Written(22, console => MarkdownText.Write(console, """
            # The:Type/Itself

            A paragraph of **two**
            lines [here].

            ## What to do

            1. First, with
               more below.
            2. Then.

            - **open

            ## Samples

            - `x.log`: not shown
            """)));
}
