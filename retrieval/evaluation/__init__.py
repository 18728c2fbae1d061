"""What only measures: labelled questions asked, judged, reported and drawn. The running bot loads none of it.

Imports the newsroom and all below it.
"""
