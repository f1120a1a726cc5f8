namespace Yagura.Detectors.Tests;

public sealed class RequestJsonTests
{
    [Theory]
    [InlineData("""{"instanceType":"p5.48xlarge"}""", "p5.48xlarge")]
    [InlineData("""{"keyName":"instanceType","instanceType" : "p5.48xlarge"}""", "p5.48xlarge")]
    [InlineData("""{"keyName":"instanceType"}""", "")]
    [InlineData("""{"instanceType":7,"next":{"instanceType":"t3.nano"}}""", "t3.nano")]
    [InlineData("""{"instanceType":"cut off""", "")]
    [InlineData("""{"keyName":"\\"instanceType\\":\\"x"}""", "")]
    [InlineData("", "")]
    public void The_text_of_the_first_member_of_a_name_is_found_and_values_that_look_like_the_name_are_passed_over(string request, string expected) =>
        Assert.Equal(expected, Utf8.Text(RequestJson.FirstText(System.Text.Encoding.UTF8.GetBytes(request), "\"instanceType\""u8)));
}
