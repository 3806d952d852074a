"""A headless Chromium that fails a test when a page does what its author did not mean."""

import json

from selenium import webdriver
from selenium.webdriver.common.by import By

from .waiting import eventually


class Browser:
    """One window; `problems()` are the errors that its console shows."""

    def __init__(self, folder, *arguments, size=(1200, 800)):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                         "--no-proxy-server", f"--user-data-dir={folder}", f"--window-size={size[0]},{size[1]}",
                         *arguments]:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))

    def open(self, url):
        self.driver.get(url)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector="body"):
        return self.driver.execute_script("return document.querySelector(arguments[0])?.innerText ?? ''", selector)

    def wait_for_text(self, text, selector="body", seconds=15):
        eventually(lambda: text in self.text(selector),
                   lambda: f"{selector} shows {text!r}, it shows {self.text(selector)[:500]!r}", seconds)

    def press(self, label, selector="button"):
        """Clicks the visible element with this label."""
        def found():
            visible = (each for each in self.all(selector) if each.is_displayed())
            return next((each for each in visible if each.text.strip() == label), None)

        eventually(found, f"there is a {selector} {label!r}").click()

    def problems(self):
        return [json.dumps(entry) for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

    def protocols(self):
        """The protocols that the page and what it has loaded since came by: `h2`, `http/1.1`."""
        return set(self.driver.execute_script(
            "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
            ".map(entry => entry.nextHopProtocol).filter(name => name)"))

    def resize(self, width, height):
        """Gives the page itself this size, narrower than a window can be."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})

    def events(self, *methods):
        """What the browser's network did since the last call, of these kinds."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [message for message in messages if message["method"] in methods]

    def close(self):
        self.driver.quit()
